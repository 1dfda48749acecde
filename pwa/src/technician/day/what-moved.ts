import type { JobSheet } from '../../api/types.ts';
import { isOpen } from './day-order.ts';

/** What the office changed in a technician's day, seen from this phone. */
export interface Move {
  kind: 'added' | 'moved' | 'removed';
  job: JobSheet;
}

/** Less is traffic, not a change of plan. */
const NOTICED_MS = 5 * 60_000;

function hasMoved(before: JobSheet, after: JobSheet): boolean {
  if (before.day !== after.day || before.window?.start !== after.window?.start) return true;
  const [was, is] = [before.planned?.start, after.planned?.start];
  if (!was || !is) return false;
  return Math.abs(Date.parse(was) - Date.parse(is)) >= NOTICED_MS;
}

/** Open jobs that came, went or got another time; what the technician did themselves is no news. */
export function whatMoved(before: readonly JobSheet[], after: readonly JobSheet[]): Move[] {
  const known = new Map(before.map((job) => [job.id, job]));
  const here = new Set(after.map((job) => job.id));
  const moves: Move[] = [];
  for (const job of after) {
    const was = known.get(job.id);
    if (!isOpen(job)) continue;
    if (!was || !isOpen(was)) moves.push({ kind: 'added', job });
    else if (hasMoved(was, job)) moves.push({ kind: 'moved', job });
  }
  for (const job of before) if (!here.has(job.id) && isOpen(job)) moves.push({ kind: 'removed', job });
  return moves;
}
