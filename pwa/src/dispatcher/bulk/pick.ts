/** Choosing several jobs by mouse: Ctrl takes one more, Shift all up to it, a plain click ends it. */

import type { DaySource } from '../day/day-source.ts';
import type { DayStore } from '../day/day-store.svelte.ts';
import { betweenInList, betweenOnBoard } from './between.ts';

type Keys = Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Whether the click chose several; otherwise it means one job. */
function pick(store: DayStore, keys: Keys, jobId: string, upTo: () => readonly string[]): boolean {
  const isOneMore = keys.ctrlKey || keys.metaKey;
  if (isOneMore) store.picks.toggle(jobId, store.selectedJobId);
  else if (keys.shiftKey) store.picks.add(upTo());
  else store.picks.clear();
  return isOneMore || keys.shiftKey;
}

export function pickOnBoard(store: DayStore, day: DaySource, keys: Keys, jobId: string): boolean {
  return pick(store, keys, jobId, () => {
    const from = day.visit(store.selectedJobId);
    const to = day.visit(jobId);
    return from && to ? betweenOnBoard(day, from, to) : [jobId];
  });
}

export function pickInList(store: DayStore, jobIds: readonly string[], keys: Keys, jobId: string): boolean {
  return pick(store, keys, jobId, () => betweenInList(jobIds, store.selectedJobId, jobId));
}
