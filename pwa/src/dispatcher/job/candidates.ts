/** Who could take a job, best first: those with fewest objections, then nearest, then least busy. */

import type { DaySource } from '../day/day-source.ts';
import { type Objection, objections } from '../day/fit.ts';
import type { Planned, Technician, Visit } from '../day/visit.ts';
import type { LatLng } from '../day/wire.ts';
import { distanceM } from '../places/coordinates.ts';

export interface Candidate {
  readonly technician: Technician;
  readonly objections: readonly Objection[];
  /** From the nearest of the technician's stops or home; null when the job has no place yet. */
  readonly awayM: number | null;
}

export function plannedAt(visit: Visit, startMs: number): Planned {
  const durationMs = visit.planned ? visit.planned.endMs - visit.planned.startMs : visit.serviceS * 1000;
  return { arriveMs: startMs, startMs, endMs: startMs + durationMs, travelS: 0, travelM: 0 };
}

export function candidates(visit: Visit, startMs: number, day: DaySource): Candidate[] {
  const planned = plannedAt(visit, startMs);
  return day.technicians
    .map((technician) => {
      const row = day.row(technician.id);
      const placement = { technicianId: technician.id, planned };
      return {
        technician,
        objections: objections(visit, placement, technician, row),
        awayM: visit.at ? nearestM(visit.at, technician, row, visit.jobId) : null,
      };
    })
    .sort((a, b) => a.objections.length - b.objections.length || (a.awayM ?? 0) - (b.awayM ?? 0));
}

function nearestM(at: LatLng, technician: Technician, row: readonly Visit[], jobId: string): number | null {
  const stops = row.filter((visit) => visit.jobId !== jobId).map((visit) => visit.at);
  const distances = [technician.home, ...stops].flatMap((place) => (place ? [distanceM(at, place)] : []));
  return distances.length > 0 ? Math.min(...distances) : null;
}

const UNABLE: ReadonlySet<string> = new Set([
  'skill_missing',
  'level_too_low',
  'no_shift',
  'before_shift',
  'after_shift',
]);

export interface Others {
  /** Nearest first. */
  readonly free: readonly Candidate[];
  readonly busy: number;
  readonly unable: number;
}

/** The other technicians at the time a visit is planned: who could do it too, who is busy, who could not. */
export function othersAt(visit: Visit, planned: Planned, day: DaySource): Others {
  const rest = candidates(visit, planned.startMs, day).filter(
    ({ technician }) => technician.id !== visit.technicianId,
  );
  const blocked = (codes: (code: string) => boolean) =>
    rest.filter((one) => one.objections.some(({ code }) => codes(code)));
  const unable = new Set(blocked((code) => UNABLE.has(code)));
  const busy = blocked((code) => code === 'overlaps').filter((one) => !unable.has(one));
  const free = rest.filter((one) => !unable.has(one) && !busy.includes(one));
  return { free, busy: busy.length, unable: unable.size };
}

/** Quarter hours at which the technician's day has room for the job, within its promise; the first is offered. */
export function firstFreeStart(
  visit: Visit,
  technician: Technician,
  day: DaySource,
  stepMin = 15,
): number | null {
  const { window } = visit;
  const { shift } = technician;
  if (!window || !shift) return null;
  const row = day.row(technician.id);
  for (let ms = window.startMs; ms <= window.endMs; ms += stepMin * 60_000) {
    const placement = { technicianId: technician.id, planned: plannedAt(visit, ms) };
    if (objections(visit, placement, technician, row).length === 0) return ms;
  }
  return null;
}
