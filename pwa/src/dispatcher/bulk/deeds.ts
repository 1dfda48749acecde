/** What is done with several jobs: the steps of each, the steps that take them back, and what it would break. */

import type { DaySource } from '../day/day-source.ts';
import { isMovable, type Objection, objections } from '../day/fit.ts';
import type { Planned, Span, Technician, Visit } from '../day/visit.ts';
import { plannedAt } from '../job/candidates.ts';
import type { JobSteps, Step } from './wire.ts';

export interface Deed {
  readonly visit: Visit;
  readonly forth: JobSteps;
  /** Null where nothing can take it back. */
  readonly back: JobSteps | null;
  /** Where it would go, for those that move. */
  readonly planned: Planned | null;
  readonly objections: readonly Objection[];
}

const DAY_MS = 24 * 3_600_000;
const STEP_MS = 15 * 60_000;

const deed = (
  visit: Visit,
  forth: readonly Step[],
  back: readonly Step[] | null,
  more: Partial<Deed> = {},
): Deed => {
  const job = { job_id: visit.jobId, version: visit.version };
  return {
    visit,
    forth: { ...job, steps: [...forth] },
    back: back && { ...job, steps: [...back] },
    planned: null,
    objections: [],
    ...more,
  };
};

const assign = (technicianId: string, startMs: number): Step => ({
  action: 'assign',
  data: { technician_id: technicianId, start: new Date(startMs).toISOString() },
});
const UNASSIGN: Step = { action: 'unassign', data: {} };
const book = ({ startMs, endMs }: Span): Step => ({
  action: 'book',
  data: { window_start: new Date(startMs).toISOString(), window_end: new Date(endMs).toISOString() },
});
/** What puts a job where it is now. */
const placeOf = ({ technicianId, planned }: Visit): Step =>
  technicianId && planned ? assign(technicianId, planned.startMs) : UNASSIGN;

const byTime = (a: Visit, b: Visit): number => startOf(a) - startOf(b);
const startOf = ({ planned, window }: Visit): number => planned?.startMs ?? window?.startMs ?? 0;

/**
 * All to one technician, one after the other: each keeps its time where that breaks nothing, otherwise it takes the
 * first quarter of its window that does; where there is none it stays at its time and says what that breaks.
 */
export function assignDeeds(visits: readonly Visit[], technician: Technician, day: DaySource): Deed[] {
  const moved = new Set(visits.map(({ jobId }) => jobId));
  const row = day.row(technician.id).filter(({ jobId }) => !moved.has(jobId));
  return [...visits]
    .filter(isMovable)
    .sort(byTime)
    .map((visit) => {
      const { planned, against } = bestPlace(visit, technician, row);
      row.push({ ...visit, technicianId: technician.id, planned });
      return deed(visit, [assign(technician.id, planned.startMs)], [placeOf(visit)], {
        planned,
        objections: against,
      });
    });
}

function bestPlace(visit: Visit, technician: Technician, row: readonly Visit[]) {
  const at = (startMs: number) => {
    const planned = plannedAt(visit, startMs);
    return { planned, against: objections(visit, { technicianId: technician.id, planned }, technician, row) };
  };
  const kept = at(startOf(visit));
  if (kept.against.length === 0 || !visit.window || visit.lockTime) return kept;
  for (let ms = visit.window.startMs; ms <= visit.window.endMs; ms += STEP_MS) {
    const other = at(ms);
    if (other.against.length === 0) return other;
  }
  return kept;
}

/** A vendor that gives a job back sees it no more, so there is no taking it again: `isForGood`. */
export const unassignDeeds = (visits: readonly Visit[], isForGood = false): Deed[] =>
  visits
    .filter((visit) => visit.technicianId !== null && isMovable(visit))
    .map((visit) => deed(visit, [UNASSIGN], isForGood ? null : [placeOf(visit)]));

export function lockDeeds(visits: readonly Visit[], technician: boolean, time: boolean): Deed[] {
  const locks = (to: { technician: boolean; time: boolean }): Step => ({ action: 'lock', data: to });
  return visits
    .filter((visit) => visit.technicianId !== null && isMovable(visit))
    .map((visit) => {
      const was = { technician: visit.lockTechnician, time: visit.lockTime };
      return deed(visit, [locks({ technician, time })], [locks(was)]);
    });
}

const CANCELLABLE: ReadonlySet<string> = new Set([
  'received',
  'qualified',
  'booked',
  'assigned',
  'accepted',
  'en_route',
  'declined',
  'no_show',
  'customer_absent',
  'needs_part',
  'to_workshop',
]);

/** The customer is told, and nothing takes that back. */
export const cancelDeeds = (visits: readonly Visit[], reason: string): Deed[] =>
  visits
    .filter(({ status }) => CANCELLABLE.has(status))
    .map((visit) => deed(visit, [{ action: 'cancel', data: { reason } }], null));

/**
 * To another day at the same hours, with the same technician where `keeps` lets them; the promise moves along.
 * `dayOf` has somebody as they are on that day.
 */
export function dayDeeds(
  visits: readonly Visit[],
  days: number,
  keeps: boolean,
  dayOf: (technicianId: string) => Technician | null,
): Deed[] {
  return visits
    .filter((visit) => isMovable(visit) && visit.window !== null)
    .map((visit) => {
      const { window, planned, technicianId } = visit;
      const later = window && {
        startMs: window.startMs + days * DAY_MS,
        endMs: window.endMs + days * DAY_MS,
      };
      if (!window || !later) return deed(visit, [], []);
      const release = technicianId === null ? [] : [UNASSIGN];
      const back = [
        book(window),
        ...(technicianId && planned ? [assign(technicianId, planned.startMs)] : []),
      ];
      if (!keeps || technicianId === null || !planned) return deed(visit, [...release, book(later)], back);
      const there = plannedAt(visit, planned.startMs + days * DAY_MS);
      const technician = dayOf(technicianId);
      const moved = { ...visit, window: later, lockTime: false };
      return deed(
        visit,
        [...release, book(later), assign(technicianId, there.startMs)],
        [UNASSIGN, ...back],
        {
          planned: there,
          objections: technician ? objections(moved, { technicianId, planned: there }, technician, []) : [],
        },
      );
    });
}
