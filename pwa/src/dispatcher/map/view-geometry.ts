/** Places on a canvas: what an item covers, what two boxes share, and whether a point lies on an item. */

import type { SceneItem } from './day-scene.ts';
import type { Box } from './label-layout.ts';

/** x, y, x, y … in pixels of the canvas. */
export type Flat = readonly number[];

/** From the world as a square of side 1 to pixels of the canvas. */
export interface Scale {
  readonly zoomPx: number;
  readonly left: number;
  readonly top: number;
}

/** How far beside a thing one may click and still mean it. */
const SLACK_PX = 3;

export function boxOf(flat: Flat, reachPx: number): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < flat.length; i += 2) {
    const x = flat[i] ?? 0;
    const y = flat[i + 1] ?? 0;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { left: left - reachPx, top: top - reachPx, right: right + reachPx, bottom: bottom + reachPx };
}

export function covering(boxes: readonly Box[]): Box {
  const all = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { left, top, right, bottom } of boxes) {
    if (left < all.left) all.left = left;
    if (top < all.top) all.top = top;
    if (right > all.right) all.right = right;
    if (bottom > all.bottom) all.bottom = bottom;
  }
  return all;
}

export const meet = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export function isAt(flat: Flat, item: SceneItem, x: number, y: number): boolean {
  if (item.kind !== 'line') {
    const [atX = 0, atY = 0] = flat;
    return Math.hypot(x - atX, y - atY) <= item.radiusPx + SLACK_PX;
  }
  for (let i = 2; i < flat.length; i += 2) {
    const ends = [flat[i - 2] ?? 0, flat[i - 1] ?? 0, flat[i] ?? 0, flat[i + 1] ?? 0] as const;
    if (distanceToLeg(ends, x, y) <= item.widthPx / 2 + SLACK_PX) return true;
  }
  return false;
}

function distanceToLeg(
  [ax, ay, bx, by]: readonly [number, number, number, number],
  x: number,
  y: number,
): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
