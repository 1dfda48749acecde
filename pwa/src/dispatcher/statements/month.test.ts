import { describe, expect, it } from 'vitest';
import { chosenOf, monthName, plusMonths } from './month.ts';

describe('the month of a statement', () => {
  it.each([
    ['2026-11', 1, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2027-01', -1, '2026-12'],
  ])('goes from %s by %i to %s', (month, count, there) => {
    expect(plusMonths(month, count)).toBe(there);
  });

  it('comes with its vendor from the address', () => {
    expect(chosenOf('2026-10', '2026-11')).toEqual({ month: '2026-10', vendorId: null });
    expect(chosenOf('2026-10/v1', '2026-11')).toEqual({ month: '2026-10', vendorId: 'v1' });
  });

  it.each([null, '', '2026-13', 'yesterday/v1', '1999-01'])('is the present one for %j', (part) => {
    expect(chosenOf(part, '2026-11')).toEqual({ month: '2026-11', vendorId: null });
  });

  it('is named in words', () => {
    expect(monthName('2026-11', 'en')).toBe('November 2026');
    expect(monthName('2026-11', 'zh-CN')).toBe('2026年11月');
  });
});
