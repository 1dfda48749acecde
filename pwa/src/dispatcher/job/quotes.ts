/** Answers to quotes for extra work, and their signatures as lines. */

import type { components } from '../../api/schema';

export type QuoteRecord = components['schemas']['QuoteRecord'];

const MARGIN = 0.02;

/** A signature as an SVG path with the box around it; null without one. */
export function inkOf(strokes: QuoteRecord['strokes']): { viewBox: string; path: string } | null {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const xs = points.map((point) => point.x ?? 0);
  const ys = points.map((point) => point.y ?? 0);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  const [width, height] = [Math.max(...xs) - left + MARGIN, Math.max(...ys) - top + MARGIN];
  const round = (value: number) => Number(value.toFixed(4));
  const path = strokes
    .map((stroke) =>
      stroke.map(({ x = 0, y = 0 }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''),
    )
    .join('');
  return { viewBox: [left, top, width, height].map(round).join(' '), path };
}
