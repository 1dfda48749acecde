import { describe, expect, it } from 'vitest';
import { merged } from './merged.ts';

const BASE = { days: 7, hotline: '400', windows: [[8, 10]] };

describe('rules that two people change at once', () => {
  it('keeps what either of them touched', () => {
    const theirs = { ...BASE, windows: [[9, 12]] };
    const found = merged(BASE, { ...BASE, days: 14 }, theirs);
    expect(found).toEqual({ rules: { days: 14, hotline: '400', windows: [[9, 12]] }, both: [] });
  });

  it('names what both touched, and has ours', () => {
    const theirs = { ...BASE, days: 21, hotline: '95' };
    const found = merged(BASE, { ...BASE, days: 14, hotline: '95' }, theirs);
    expect(found).toEqual({ rules: { ...BASE, days: 14, hotline: '95' }, both: ['days'] });
  });
});
