/** The seven states every surface shows, each with a word, an icon and a colour. */
export const DISPLAY_STATES = [
  'booked',
  'assigned',
  'en_route',
  'on_site',
  'done',
  'at_risk',
  'failed',
] as const;

export type DisplayState = (typeof DISPLAY_STATES)[number];

export type JobStatus =
  | 'received'
  | 'qualified'
  | 'booked'
  | 'assigned'
  | 'accepted'
  | 'en_route'
  | 'on_site'
  | 'diagnosed'
  | 'done'
  | 'signed'
  | 'closed'
  | 'declined'
  | 'no_show'
  | 'customer_absent'
  | 'needs_part'
  | 'to_workshop'
  | 'rework'
  | 'cancelled';

const STATE_OF_STATUS: Record<JobStatus, DisplayState> = {
  received: 'booked',
  qualified: 'booked',
  booked: 'booked',
  assigned: 'assigned',
  accepted: 'assigned',
  en_route: 'en_route',
  on_site: 'on_site',
  diagnosed: 'on_site',
  rework: 'on_site',
  done: 'done',
  signed: 'done',
  closed: 'done',
  declined: 'failed',
  no_show: 'failed',
  customer_absent: 'failed',
  needs_part: 'failed',
  to_workshop: 'failed',
  cancelled: 'booked',
};

/** A late visit is red and a visit at risk amber, but only while its start is still ahead. */
export function displayState(
  status: JobStatus,
  lateness: 'on_time' | 'at_risk' | 'late' = 'on_time',
): DisplayState {
  const state = STATE_OF_STATUS[status];
  const isAhead = state === 'booked' || state === 'assigned' || state === 'en_route';
  if (!isAhead || status === 'cancelled' || lateness === 'on_time') return state;
  return lateness === 'late' ? 'failed' : 'at_risk';
}

/** The name used in CSS custom properties and classes, e.g. `--state-en-route`. */
export function cssName(state: DisplayState): string {
  return state.replace('_', '-');
}
