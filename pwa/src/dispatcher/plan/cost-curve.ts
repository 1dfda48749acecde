/** The falling cost of a running optimisation as an SVG path: a step at every improvement. */

export interface CurveShape {
  readonly path: string;
  readonly lowFen: number;
  readonly highFen: number;
}

/** Points are [seconds, fen]; the last one is drawn on to `untilS`, because the best stays the best. */
export function costCurve(
  points: readonly (readonly [number, number])[],
  untilS: number,
  widthPx: number,
  heightPx: number,
): CurveShape | null {
  const first = points[0];
  if (!first) return null;
  const costs = points.map(([, cost]) => cost);
  const lowFen = Math.min(...costs);
  const highFen = Math.max(...costs);
  const spanS = Math.max(untilS, points[points.length - 1]?.[0] ?? 0, 1);
  const x = (s: number): string => ((s / spanS) * widthPx).toFixed(1);
  const y = (fen: number): string =>
    (highFen === lowFen ? heightPx / 2 : ((highFen - fen) / (highFen - lowFen)) * heightPx).toFixed(1);
  let path = `M${x(first[0])} ${y(first[1])}`;
  for (const [s, cost] of points.slice(1)) path += `H${x(s)}V${y(cost)}`;
  return { path: `${path}H${x(spanS)}`, lowFen, highFen };
}
