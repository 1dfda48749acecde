/** A visit that is being moved in the week, whether it comes from the list or from somebody's day. */

import type { Span, Visit } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import type { Waiting } from './wire.ts';

export interface Carried {
  readonly jobId: string;
  readonly number: string;
  readonly customerName: string;
  readonly version: number;
  readonly day: string;
  readonly technicianId: string | null;
  readonly window: Span;
  readonly skill: string;
  readonly level: number;
  readonly lockTechnician: boolean;
  readonly lockTime: boolean;
}

export function carriedFromWaiting(waiting: Waiting): Carried {
  return {
    jobId: waiting.job_id,
    number: waiting.number,
    customerName: waiting.customer_name,
    version: waiting.version,
    day: waiting.day,
    technicianId: null,
    window: { startMs: Date.parse(waiting.window.start), endMs: Date.parse(waiting.window.end) },
    skill: waiting.skill,
    level: waiting.level,
    lockTechnician: waiting.lock.technician,
    lockTime: waiting.lock.time,
  };
}

/** Null for a visit nothing is promised about: there is no promise to move. */
export function carriedFromVisit(visit: Visit, day: string): Carried | null {
  const { jobId, number, customerName, version, technicianId, window, lockTechnician, lockTime } = visit;
  if (!window) return null;
  const { skill, level } = visit;
  const rest = { technicianId, window, lockTechnician, lockTime, skill: skill ?? '', level: level ?? 0 };
  return { jobId, number, customerName, version, day, ...rest };
}

const HOUR_MS = 3_600_000;

/** The promised hours on another day, as the wall clock shows them. */
export function sameHours({ window, day }: Carried, to: string, clock: ZoneClock): Span {
  const hours = (window.startMs - clock.instant(day)) / HOUR_MS;
  const startMs = clock.instant(to, hours);
  return { startMs, endMs: startMs + window.endMs - window.startMs };
}
