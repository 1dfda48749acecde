/** Visits and openings for tests of the week. */

import type { Carried } from './carried.ts';
import type { Opening, Openings } from './wire.ts';

export const MONDAY = '2026-11-23';
export const TUESDAY = '2026-11-24';

/** An instant of Tuesday in Shanghai. */
export const tuesday = (hour: number): string => new Date(Date.UTC(2026, 10, 24, hour - 8)).toISOString();

export const carried: Carried = {
  jobId: 'j1',
  number: 'J1',
  customerName: '赵女士',
  version: 3,
  day: MONDAY,
  technicianId: 'wang',
  window: { startMs: Date.UTC(2026, 10, 23, 2), endMs: Date.UTC(2026, 10, 23, 4) },
  skill: 'heater',
  level: 2,
  lockTechnician: false,
  lockTime: false,
};

export const opening = (
  technician_id: string,
  hour: number,
  price_fen: number,
  more: Partial<Opening> = {},
): Opening => ({
  technician_id,
  window: { start: tuesday(hour), end: tuesday(hour + 2) },
  start: tuesday(hour + 0.25),
  price_fen,
  promises_moved: 0,
  changes: [],
  ...more,
});

export const openings = (...found: Opening[]): Openings => ({
  version: 3,
  openings: found,
  reason: found.length > 0 ? null : { code: 'no_room', data: {} },
});
