/** What lies between two jobs: on the board a rectangle of rows and time, in a list what stands between. */

import { type DaySource, linesOf } from '../day/day-source.ts';
import type { Visit } from '../day/visit.ts';

/** Jobs of the rows from one to the other that begin between them; jobs a filter leaves out are not among them. */
export function betweenOnBoard(day: DaySource, from: Visit, to: Visit): string[] {
  const rows = linesOf(day).map((line) => line?.id ?? null);
  const [first, last] = ordered(rows.indexOf(from.technicianId), rows.indexOf(to.technicianId));
  const [startMs, endMs] = ordered(from.planned?.startMs ?? 0, to.planned?.startMs ?? 0);
  if (first < 0) return [to.jobId];
  return rows
    .slice(first, last + 1)
    .flatMap((id) => (id === null ? [] : day.row(id)))
    .filter(({ planned }) => planned && planned.startMs >= startMs && planned.startMs <= endMs)
    .map(({ jobId }) => jobId)
    .filter((jobId) => !day.isAside?.(jobId));
}

export function betweenInList(jobIds: readonly string[], from: string | null, to: string): string[] {
  const [first, last] = ordered(from === null ? -1 : jobIds.indexOf(from), jobIds.indexOf(to));
  return first < 0 ? [to] : jobIds.slice(first, last + 1);
}

const ordered = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);
