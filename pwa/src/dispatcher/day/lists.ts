/** The lists beside the board: what waits for a person first, then by state. */

import { DISPLAY_STATES, type DisplayState } from '../../ui/display-state.ts';
import type { DayModel } from './day-model.ts';
import type { Visit } from './visit.ts';
import { needsHuman, visitState } from './visit-state.ts';

export type ListName = 'unassigned' | 'attention' | DisplayState;

const byStart = (a: Visit, b: Visit): number => order(a) - order(b) || a.number.localeCompare(b.number);
const order = (visit: Visit): number =>
  visit.planned?.startMs ?? visit.window?.startMs ?? Number.POSITIVE_INFINITY;

/** Failed before at risk, then by promise: the order in which a dispatcher should look. */
function attention(day: DayModel): Visit[] {
  const rank = (visit: Visit): number => (visitState(visit) === 'failed' ? 0 : 1);
  return day
    .visits()
    .filter((visit) => visit.status !== 'cancelled' && needsHuman(visitState(visit)))
    .sort((a, b) => rank(a) - rank(b) || byStart(a, b));
}

const unassigned = (day: DayModel): Visit[] =>
  day.unassigned().sort((a, b) => b.priority - a.priority || byStart(a, b));

const inState = (day: DayModel, state: DisplayState): Visit[] =>
  day
    .visits()
    .filter((visit) => visit.status !== 'cancelled' && visitState(visit) === state)
    .sort(byStart);

export const listNames = { attention, unassigned };

export function listOf(day: DayModel, name: ListName): Visit[] {
  if (name === 'attention') return attention(day);
  if (name === 'unassigned') return unassigned(day);
  return inState(day, name);
}

export const STATE_LISTS: readonly DisplayState[] = DISPLAY_STATES.filter((state) => !needsHuman(state));
