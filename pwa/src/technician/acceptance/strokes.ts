import type { StrokePoint } from '../../sync/operation.ts';

/** A point as the pad records it: CSS pixels and milliseconds since 1970. */
export interface PadPoint {
  x: number;
  y: number;
  time: number;
  pressure: number;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** Strokes independent of the screen: lengths as fractions of the pad's width, times from the first point. */
export function normaliseStrokes(
  strokes: readonly (readonly PadPoint[])[],
  width_px: number,
): StrokePoint[][] {
  const start = strokes[0]?.[0]?.time ?? 0;
  return strokes.map((points) =>
    points.map(({ x, y, time, pressure }) => ({
      x: rounded(x / width_px),
      y: rounded(y / width_px),
      t: Math.max(0, Math.round(time - start)),
      p: rounded(pressure),
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
