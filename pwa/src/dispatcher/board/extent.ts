/** Where visits lie on the board, and which of them lie in a box. */

import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { NAME_WIDTH_PX, ROW_HEIGHT_PX } from './board-elements.ts';
import { rowAt } from './row-window.ts';
import type { TimeAxis } from './time-axis.ts';

const MIN_WIDTH_PX = 20;

/** Left edge and width of a planned visit in its row, in pixels. */
export function extent({ planned }: Visit, axis: TimeAxis): readonly [leftPx: number, widthPx: number] {
  if (!planned) return [0, 0];
  const leftPx = axis.x(planned.startMs);
  return [leftPx, Math.max(MIN_WIDTH_PX, axis.x(planned.endMs) - leftPx - 1)];
}

/**
 * Declarations that lay something along a row, beyond the names. It takes the height it has back again, so that what
 * comes after it in the row begins at the top as well: positioned, each bar would be a layer of its own, and the
 * browser goes through all layers of a page with every frame that scrolls.
 */
export function across(leftPx: number, widthPx: number, topPx: number, heightPx: number): string {
  const margin = `${topPx}px 0 ${-topPx - heightPx}px ${(NAME_WIDTH_PX + leftPx).toFixed(2)}px`;
  return `margin:${margin};width:${Math.max(0, widthPx).toFixed(2)}px;height:${heightPx}px`;
}

/** A corner on the board's canvas, in pixels: across from where the day begins, down from the first row. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** The jobs whose bars lie in a box between two corners, wholly or in part. */
export function jobsBetween(
  a: Corner,
  b: Corner,
  day: DaySource,
  lines: readonly (Technician | null)[],
  axis: TimeAxis,
): string[] {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const first = rowAt(Math.min(a.y, b.y), lines.length, ROW_HEIGHT_PX);
  const last = rowAt(Math.max(a.y, b.y), lines.length, ROW_HEIGHT_PX);
  return lines.slice(first, last + 1).flatMap((technician) => {
    const row = technician ? day.row(technician.id) : [];
    const touched = row.filter((visit) => {
      const [from, widthPx] = extent(visit, axis);
      return from <= right && from + widthPx >= left;
    });
    return touched.map(({ jobId }) => jobId);
  });
}
