/** Where the keyboard goes next: from visit to visit in a row, and from row to row at about the same time. */

import { type DaySource, linesOf } from '../day/day-source.ts';
import type { Visit } from '../day/visit.ts';

export type Direction = 'next' | 'previous' | 'row_below' | 'row_above';

export function neighbour(day: DaySource, from: Visit | null, direction: Direction): Visit | null {
  const current = from?.technicianId ? from : null;
  if (!current?.technicianId) return firstVisit(day);
  if (direction === 'next' || direction === 'previous') {
    const row = day.row(current.technicianId);
    const index = row.findIndex((visit) => visit.jobId === current.jobId);
    return row[index + (direction === 'next' ? 1 : -1)] ?? null;
  }
  return otherRow(day, current, direction === 'row_below' ? 1 : -1);
}

/** The technician `step` rows away, or null beyond either end. */
export function technicianBeside(day: DaySource, technicianId: string, step: number): string | null {
  const shown = linesOf(day).flatMap((line) => line?.id ?? []);
  const index = shown.indexOf(technicianId);
  return index === -1 ? null : (shown[index + step] ?? null);
}

function firstVisit(day: DaySource): Visit | null {
  for (const line of linesOf(day)) {
    const first = line && day.row(line.id)[0];
    if (first) return first;
  }
  return null;
}

function otherRow(day: DaySource, current: Visit, step: number): Visit | null {
  let id = current.technicianId;
  while (id !== null) {
    id = technicianBeside(day, id, step);
    const row = id === null ? [] : day.row(id);
    if (row.length > 0) return nearestInTime(row, current.planned?.startMs ?? 0);
  }
  return null;
}

function nearestInTime(row: readonly Visit[], ms: number): Visit | null {
  const away = (visit: Visit): number => Math.abs((visit.planned?.startMs ?? 0) - ms);
  return row.reduce<Visit | null>((best, visit) => (best && away(best) <= away(visit) ? best : visit), null);
}
