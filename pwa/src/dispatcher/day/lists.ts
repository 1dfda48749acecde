/** The lists beside the board: what waits for a person first, then by state. */

import { DISPLAY_STATES, type DisplayState } from '../../ui/display-state.ts';
import type { DayModel } from './day-model.ts';
import type { Visit } from './visit.ts';
import { needsHuman, visitState } from './visit-state.ts';

export type ListName = 'exceptions' | 'unassigned' | 'offers' | 'parts' | DisplayState;

const byStart = (a: Visit, b: Visit): number => order(a) - order(b) || (a.number < b.number ? -1 : 1);
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

/** How many visits each list has. */
export interface Tally {
  readonly unassigned: number;
  readonly offers: number;
  readonly parts: number;
  readonly states: Readonly<Record<DisplayState, number>>;
}

/** Counts all lists in one pass, of the visits that a filter lets through; what was cancelled counts nowhere. */
export function tallyOf(visits: Iterable<Visit>, sift: ((visit: Visit) => boolean) | null): Tally {
  const states = Object.fromEntries(DISPLAY_STATES.map((state) => [state, 0])) as Record<
    DisplayState,
    number
  >;
  const tally = { unassigned: 0, offers: 0, parts: 0, states };
  for (const visit of visits) {
    if (visit.status === 'cancelled' || (sift && !sift(visit))) continue;
    states[visitState(visit)] += 1;
    if (visit.technicianId === null) tally.unassigned += 1;
    if (visit.status === 'assigned') tally.offers += 1;
    if (visit.status === 'needs_part') tally.parts += 1;
  }
  return tally;
}
