/** What a placement would break, told before the drop; the server remains the judge. */

import type { Placement } from './day-model.ts';
import type { Span, Technician, Visit } from './visit.ts';

export type Objection =
  | { readonly code: 'skill_missing'; readonly skill: string }
  | { readonly code: 'level_too_low'; readonly skill: string; readonly has: number; readonly needs: number }
  | { readonly code: 'before_shift' | 'after_shift' | 'no_shift' }
  | { readonly code: 'window_missed'; readonly minutes: number }
  | { readonly code: 'too_early'; readonly minutes: number }
  | { readonly code: 'overlaps'; readonly number: string }
  | { readonly code: 'refused_before' }
  | { readonly code: 'technician_locked' | 'time_locked' | 'already_begun' };

const MINUTE_MS = 60_000;

/** The states from which the lifecycle takes `assign`. */
const MOVABLE: ReadonlySet<string> = new Set(['booked', 'assigned', 'accepted', 'declined']);

export const isMovable = (visit: Visit): boolean => MOVABLE.has(visit.status);

export function objections(
  visit: Visit,
  placement: Placement,
  technician: Technician | null,
  row: readonly Visit[],
): Objection[] {
  if (!isMovable(visit)) return [{ code: 'already_begun' }];
  const found: Objection[] = [...lockObjections(visit, placement)];
  const { planned } = placement;
  if (!technician || !planned) return found;
  if (visit.refusedBy.includes(technician.id) && technician.id !== visit.technicianId) {
    found.push({ code: 'refused_before' });
  }
  found.push(...skillObjections(visit, technician), ...shiftObjections(planned, technician));
  found.push(...windowObjections(visit, planned));
  for (const other of row) {
    if (other.jobId === visit.jobId || !other.planned) continue;
    if (overlaps(planned, other.planned)) found.push({ code: 'overlaps', number: other.number });
  }
  return found;
}

function lockObjections(visit: Visit, placement: Placement): Objection[] {
  const found: Objection[] = [];
  if (visit.lockTechnician && placement.technicianId !== visit.technicianId) {
    found.push({ code: 'technician_locked' });
  }
  if (visit.lockTime && placement.planned?.startMs !== visit.planned?.startMs) {
    found.push({ code: 'time_locked' });
  }
  return found;
}

function skillObjections(visit: Visit, technician: Technician): Objection[] {
  if (!visit.skill) return [];
  const has = technician.skills.get(visit.skill);
  if (has === undefined) return [{ code: 'skill_missing', skill: visit.skill }];
  const needs = visit.level ?? 0;
  return has < needs ? [{ code: 'level_too_low', skill: visit.skill, has, needs }] : [];
}

function shiftObjections(planned: Span, { shift }: Technician): Objection[] {
  if (!shift) return [{ code: 'no_shift' }];
  if (planned.startMs < shift.startMs) return [{ code: 'before_shift' }];
  return planned.endMs > shift.endMs ? [{ code: 'after_shift' }] : [];
}

/** The promise is about the start of the work: it may neither precede nor pass the window. */
function windowObjections({ window }: Visit, planned: Span): Objection[] {
  if (!window) return [];
  const minutes = (ms: number): number => Math.ceil(ms / MINUTE_MS);
  if (planned.startMs > window.endMs) {
    return [{ code: 'window_missed', minutes: minutes(planned.startMs - window.endMs) }];
  }
  if (planned.startMs < window.startMs) {
    return [{ code: 'too_early', minutes: minutes(window.startMs - planned.startMs) }];
  }
  return [];
}

const overlaps = (a: Span, b: Span): boolean => a.startMs < b.endMs && b.startMs < a.endMs;
