/** The lists beside the board: what waits for a person first, then by state. */

import { DISPLAY_STATES, type DisplayState } from '../../ui/display-state.ts';
import type { DayModel } from './day-model.ts';
import type { Visit } from './visit.ts';
import { needsHuman, visitState } from './visit-state.ts';

export type ListName = 'exceptions' | 'unassigned' | 'offers' | 'parts' | DisplayState;

const byStart = (a: Visit, b: Visit): number => order(a) - order(b) || a.number.localeCompare(b.number);
const order = (visit: Visit): number =>
  visit.planned?.startMs ?? visit.window?.startMs ?? Number.POSITIVE_INFINITY;

const unassigned = (day: DayModel): Visit[] =>
  day.unassigned().sort((a, b) => b.priority - a.priority || byStart(a, b));

const inState = (day: DayModel, state: DisplayState): Visit[] =>
  day
    .visits()
    .filter((visit) => visit.status !== 'cancelled' && visitState(visit) === state)
    .sort(byStart);

export function listOf(day: DayModel, name: ListName): Visit[] {
  if (name === 'unassigned') return unassigned(day);
  if (name === 'offers')
    return day
      .visits()
      .filter((visit) => visit.status === 'assigned')
      .sort(byStart);
  if (name === 'parts')
    return day
      .visits()
      .filter((visit) => visit.status === 'needs_part')
      .sort(byStart);
  if (name === 'exceptions') return [];
  return inState(day, name);
}

export const STATE_LISTS: readonly DisplayState[] = DISPLAY_STATES.filter((state) => !needsHuman(state));
