/** Maps instants of a working day to pixels of the board and back. */

import type { Span, Technician, Visit } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';

/** What visits are moved by. */
export const SNAP_MIN = 15;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface Tick {
  readonly ms: number;
  readonly x: number;
}

export class TimeAxis {
  readonly startMs: number;
  readonly endMs: number;
  readonly widthPx: number;
  readonly #pxPerMs: number;

  constructor(span: Span, widthPx: number) {
    if (span.endMs <= span.startMs) throw new RangeError('an axis must end after it starts');
    if (widthPx <= 0) throw new RangeError('an axis needs a width');
    this.startMs = span.startMs;
    this.endMs = span.endMs;
    this.widthPx = widthPx;
    this.#pxPerMs = widthPx / (span.endMs - span.startMs);
  }

  x(ms: number): number {
    return (ms - this.startMs) * this.#pxPerMs;
  }

  ms(x: number): number {
    return this.startMs + x / this.#pxPerMs;
  }

  length(durationMs: number): number {
    return durationMs * this.#pxPerMs;
  }

  contains(ms: number): boolean {
    return ms >= this.startMs && ms <= this.endMs;
  }

  /** One tick per whole hour, thinned so that two are at least `minGapPx` apart. */
  ticks(minGapPx = 48): Tick[] {
    const every = Math.max(1, Math.ceil(minGapPx / this.length(HOUR_MS)));
    const ticks: Tick[] = [];
    for (let ms = this.startMs; ms < this.endMs; ms += every * HOUR_MS) ticks.push({ ms, x: this.x(ms) });
    return ticks;
  }
}

/** The nearest multiple of `stepMin` minutes counted from `originMs`. */
export function snap(ms: number, originMs: number, stepMin: number): number {
  const step = stepMin * MINUTE_MS;
  return originMs + Math.round((ms - originMs) / step) * step;
}

/** Whole hours covering every shift and visit of the day, 08:00 to 20:00 where there are none. */
export function daySpan(
  day: string,
  clock: ZoneClock,
  technicians: Iterable<Technician>,
  visits: Iterable<Visit>,
): Span {
  let startMs = clock.instant(day, 8);
  let endMs = clock.instant(day, 18);
  const earliest = clock.instant(day);
  const latest = clock.instant(day, 24);
  const cover = (from: number, to: number): void => {
    startMs = Math.min(startMs, Math.max(from, earliest));
    endMs = Math.max(endMs, Math.min(to, latest));
  };
  for (const { shift } of technicians) if (shift) cover(shift.startMs, shift.endMs);
  for (const { planned } of visits)
    if (planned) cover(planned.startMs - planned.travelS * 1000, planned.endMs);
  return { startMs: clock.floorHour(startMs), endMs: clock.floorHour(endMs + HOUR_MS - 1) };
}
