/** How a visit of the board maps to the seven states, and which of them need a human now. */

import { type DisplayState, displayState, type JobStatus } from '../../ui/display-state.ts';

interface Shown {
  readonly status: string;
  readonly window: { readonly endMs: number } | null;
  readonly late: { readonly projectedStartMs: number } | null;
}

/** At risk is a start projected close before the end of the promise; past the end it is late. */
export function visitState(visit: Shown): DisplayState {
  const { late, window } = visit;
  const isPast = late !== null && window !== null && late.projectedStartMs > window.endMs;
  const lateness = late === null ? 'on_time' : isPast ? 'late' : 'at_risk';
  return displayState(visit.status as JobStatus, lateness);
}

export const needsHuman = (state: DisplayState): boolean => state === 'failed' || state === 'at_risk';
