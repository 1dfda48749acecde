/** The week's rows in the order and the groups of the day's board. */

import type { Group } from '../grouping/groups.ts';
import type { TechnicianDay, TechnicianWeek, Week } from './wire.ts';

export interface WeekGroup {
  /** Null where the board has no groups. */
  readonly group: Group | null;
  readonly rows: readonly TechnicianWeek[];
}

/** `groups` empty: everybody of `shown` in one; folded groups keep their head and no rows. */
export function weekGroups(
  week: Week,
  shown: readonly { readonly id: string }[],
  groups: readonly Group[],
  folded: readonly string[],
): WeekGroup[] {
  const known = new Map(week.technicians.map((one) => [one.id, one]));
  const rowsOf = (people: readonly { readonly id: string }[]): TechnicianWeek[] =>
    people.flatMap(({ id }) => known.get(id) ?? []);
  if (groups.length === 0) return [{ group: null, rows: rowsOf(shown) }];
  return groups.map((group) => ({ group, rows: folded.includes(group.id) ? [] : rowsOf(group.technicians) }));
}

export type CellState = 'off' | 'free' | 'some' | 'full' | 'over';

/** Full from nine tenths of the shift on: ways take the rest. Work on a day off is over it. */
export function cellState({ work_s, shift_s }: TechnicianDay): CellState {
  if (work_s > shift_s) return 'over';
  if (shift_s === 0) return 'off';
  if (work_s === 0) return 'free';
  return work_s >= 0.9 * shift_s ? 'full' : 'some';
}

export const shareOf = ({ work_s, shift_s }: TechnicianDay): number =>
  shift_s === 0 ? Math.min(1, work_s) : Math.min(1, work_s / shift_s);

/** All of one day: jobs, work and shifts of the rows that are shown. */
export function dayTotal(rows: readonly TechnicianWeek[], day: number): TechnicianDay {
  const total = { jobs: 0, work_s: 0, shift_s: 0, shift: null };
  for (const { days } of rows) {
    total.jobs += days[day]?.jobs ?? 0;
    total.work_s += days[day]?.work_s ?? 0;
    total.shift_s += days[day]?.shift_s ?? 0;
  }
  return total;
}
