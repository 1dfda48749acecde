import type { StrokePoint } from '../../sync/operation.ts';

/** A point as the pad records it: CSS pixels and milliseconds since 1970. */
export interface PadPoint {
  x: number;
  y: number;
  time: number;
  pressure: number;
}

/** A finger may leave the pad: its edge is where the stroke is kept. */
function within(value: number, most: number): number {
  return Math.round(Math.min(Math.max(value, 0), most) * 10_000) / 10_000;
}

/** The tallest pad, in widths. */
const TALLEST = 4;
const LONGEST_MS = 3_600_000;

/** Whether it is more than a dot. */
export function isSignature(strokes: readonly (readonly PadPoint[])[]): boolean {
  return new Set(strokes.flatMap((points) => points.map(({ x, y }) => `${x}|${y}`))).size > 2;
}

/** Strokes independent of the screen: lengths as fractions of the pad's width, times from the first point. */
export function normaliseStrokes(
  strokes: readonly (readonly PadPoint[])[],
  width_px: number,
): StrokePoint[][] {
  const start = strokes[0]?.[0]?.time ?? 0;
  return strokes.map((points) =>
    points.map(({ x, y, time, pressure }) => ({
      x: within(x / width_px, 1),
      y: within(y / width_px, TALLEST),
      t: Math.round(within(time - start, LONGEST_MS)),
      p: within(pressure, 1),
    })),
  );
}

/** The same strokes on a pad of another width, after the phone was turned. */
export function scaleStrokes<G extends { points: PadPoint[] }>(strokes: readonly G[], factor: number): G[] {
  return strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })),
  }));
}
