import { describe, expect, it } from 'vitest';
import type { Group } from '../grouping/groups.ts';
import { cellState, dayTotal, shareOf, weekGroups } from './week-rows.ts';
import type { TechnicianDay, TechnicianWeek, Week } from './wire.ts';

const HOUR_S = 3600;
const day = (jobs: number, hours: number, shiftHours: number): TechnicianDay => ({
  jobs,
  work_s: hours * HOUR_S,
  shift_s: shiftHours * HOUR_S,
  shift: null,
});
const person = (id: string, ...days: TechnicianDay[]): TechnicianWeek => ({
  id,
  name: id,
  vendor: null,
  skills: [],
  days,
});
const li = person('li', day(5, 6, 8), day(0, 0, 0));
const wang = person('wang', day(2, 2, 8), day(1, 1, 0));
const week: Week = { days: ['2026-11-23', '2026-11-24'], technicians: [li, wang], unassigned: [] };
const group = (id: string, ...ids: string[]): Group => ({
  id,
  name: id,
  technicians: ids.map((one) => ({ id: one })) as unknown as Group['technicians'],
  visits: 0,
  workMs: 0,
  shiftMs: 0,
});

describe('the week', () => {
  it('has the rows the board shows, in its order', () => {
    expect(weekGroups(week, [{ id: 'wang' }, { id: 'gone' }], [], [])).toEqual([
      { group: null, rows: [wang] },
    ]);
  });

  it('has its groups, folded ones without rows', () => {
    const found = weekGroups(week, [], [group('a', 'wang'), group('b', 'li')], ['b']);
    expect(found.map(({ rows }) => rows)).toEqual([[wang], []]);
  });

  it.each([
    [day(0, 0, 0), 'off'],
    [day(0, 0, 8), 'free'],
    [day(3, 4, 8), 'some'],
    [day(7, 7.5, 8), 'full'],
    [day(9, 9, 8), 'over'],
    [day(1, 1, 0), 'over'],
  ] as const)('tells how full %j is', (cell, state) => {
    expect(cellState(cell)).toBe(state);
    expect(shareOf(cell)).toBeLessThanOrEqual(1);
  });

  it('adds a day up over those who are shown', () => {
    expect(dayTotal([li, wang], 0)).toEqual(day(7, 8, 16));
    expect(dayTotal([li], 1)).toEqual(day(0, 0, 0));
  });
});
