import { beforeAll, describe, expect, it } from 'vitest';
import type { DaySource } from '../day/day-source.ts';
import { ZoneClock } from '../day/zone-clock.ts';
import { texts } from '../i18n/texts.svelte.ts';
import { changeLines, priceText } from './remedy-lines.ts';
import { asWanted, type Remedy } from './wire.ts';

const clock = new ZoneClock('Asia/Shanghai');
const source = {
  visit: (id: string) => (id === 'a' ? { customerName: '黄女士' } : null),
  technician: (id: string) => (id === 'li' ? { name: '李明' } : null),
} as unknown as DaySource;
const change = { job_id: 'a', number: 'J1', version: 3, technician_id: 'li', travel_s: 600, travel_m: 4000 };
const times = { arrive: '2026-11-23T02:10:00Z', start: '2026-11-23T02:15:00Z', end: '2026-11-23T03:15:00Z' };
const remedy: Remedy = {
  code: 'give',
  price_fen: 1200,
  promises_moved: 1,
  changes: [{ ...change, ...times }],
  left: [{ job_id: 'b', number: 'J2', version: 7, reason: { code: 'no_room' } }],
};

describe('a remedy', () => {
  beforeAll(() => texts.use('en'));

  it('tells what it costs and how many promises it moves', () => {
    expect(priceText(remedy)).toBe('Costs ¥12.00 more · 1 promise moved');
    expect(priceText({ ...remedy, price_fen: -500, promises_moved: 0 })).toBe(
      'Saves ¥5.00 · no promise moved',
    );
    expect(priceText({ ...remedy, price_fen: 0, promises_moved: 2 })).toBe(
      'Costs the same · 2 promises moved',
    );
  });

  it('tells who goes where instead, and which jobs are left', () => {
    expect(changeLines(remedy, source, clock)).toEqual([
      '黄女士 J1 → 李明 10:15',
      'J2 → Nobody (Everybody able to do it is full)',
    ]);
  });

  it('is put into force with the versions it was worked out from', () => {
    expect(asWanted(remedy)).toEqual({
      changes: [{ ...change, ...times, number: undefined }],
      take_back: [{ job_id: 'b', version: 7 }],
    });
    expect(Object.keys(asWanted(remedy).changes[0] ?? {})).not.toContain('number');
  });
});
