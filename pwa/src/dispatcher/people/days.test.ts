import { describe, expect, it } from 'vitest';
import { mondayOf, plusDays } from './days.ts';

describe('days of a calendar', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2027-01-01', '2026-12-28'],
  ])('finds the Monday of %s', (day, monday) => {
    expect(mondayOf(day)).toBe(monday);
  });

  it('goes over the end of a month and back, also where clocks change', () => {
    expect(plusDays('2026-10-31', 1)).toBe('2026-11-01');
    expect(plusDays('2026-03-30', -1)).toBe('2026-03-29');
  });
});
