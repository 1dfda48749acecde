/** How a visit of the board maps to the seven states, and which of them need a human now. */

import { type DisplayState, displayState, type JobStatus } from '../../ui/display-state.ts';

interface Shown {
  readonly status: string;
  readonly late: { readonly minutes: number } | null;
}

/** The server says "at risk" with zero minutes and "late" with more. */
export function visitState({ status, late }: Shown): DisplayState {
  const lateness = late === null ? 'on_time' : late.minutes > 0 ? 'late' : 'at_risk';
  return displayState(status as JobStatus, lateness);
}

export const needsHuman = (state: DisplayState): boolean => state === 'failed' || state === 'at_risk';
