/** Which rows of a long board have to exist for what is scrolled into view. */

export interface RowWindow {
  readonly first: number;
  /** One past the last row. */
  readonly end: number;
}

export interface Viewport {
  readonly scrollTopPx: number;
  readonly heightPx: number;
}

export function rowWindow(view: Viewport, rowCount: number, rowHeightPx: number, overscan = 6): RowWindow {
  const first = Math.floor(view.scrollTopPx / rowHeightPx) - overscan;
  const end = Math.ceil((view.scrollTopPx + view.heightPx) / rowHeightPx) + overscan;
  return { first: clamp(first, 0, rowCount), end: clamp(end, 0, rowCount) };
}

/** `most` rows with those seen in their middle; where one end of the board is near, more of the other side. */
export function around(seen: RowWindow, rowCount: number, most: number): RowWindow {
  const middle = Math.floor((seen.first + seen.end - most) / 2);
  const first = clamp(Math.min(middle, seen.first), 0, Math.max(0, rowCount - most));
  return { first, end: Math.min(rowCount, Math.max(first + most, seen.end)) };
}

/** The rows of `seen`, then those of `kept` from nearest to farthest, below before above. */
export function outwards(seen: RowWindow, kept: RowWindow): number[] {
  const rows = Array.from({ length: seen.end - seen.first }, (_, at) => seen.first + at);
  const steps = Math.max(kept.end - seen.end, seen.first - kept.first);
  for (let step = 0; step < steps; step += 1) {
    if (seen.end + step < kept.end) rows.push(seen.end + step);
    if (seen.first - 1 - step >= kept.first) rows.push(seen.first - 1 - step);
  }
  return rows;
}

/** Those of `rows` outside a window, the farthest from it first. */
export function farthestFirst(rows: Iterable<number>, { first, end }: RowWindow): number[] {
  const beyond = (row: number): number => Math.max(first - row, row - end + 1);
  return [...rows].filter((row) => beyond(row) > 0).sort((a, b) => beyond(b) - beyond(a));
}

/** The row under `yPx` (measured from the first row's top), always one that exists. */
export function rowAt(yPx: number, rowCount: number, rowHeightPx: number): number {
  return clamp(Math.floor(yPx / rowHeightPx), 0, Math.max(0, rowCount - 1));
}

/** The scroll position that shows a row with the least movement. */
export function scrollToRow(row: number, view: Viewport, rowHeightPx: number): number {
  const top = row * rowHeightPx;
  if (top < view.scrollTopPx) return top;
  const bottom = top + rowHeightPx;
  if (bottom > view.scrollTopPx + view.heightPx) return bottom - view.heightPx;
  return view.scrollTopPx;
}

/** How fast the board scrolls by itself, px per frame, while a bar is dragged near its edge. */
export function edgeScroll(yPx: number, topPx: number, bottomPx: number, reachPx = 48): number {
  const fromTop = yPx - topPx;
  if (fromTop < reachPx) return -Math.ceil(((reachPx - Math.max(0, fromTop)) / reachPx) * 16);
  const fromBottom = bottomPx - yPx;
  if (fromBottom < reachPx) return Math.ceil(((reachPx - Math.max(0, fromBottom)) / reachPx) * 16);
  return 0;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
