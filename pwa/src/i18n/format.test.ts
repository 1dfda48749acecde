import { describe, expect, it } from 'vitest';
import { clockRange, clockTime, countIn, dayName, distance, isoDay, money } from './format.ts';

const ZONE = 'Asia/Shanghai';

describe('times', () => {
  it('are those of the site, whatever the zone of the phone', () => {
    expect(clockTime('2026-11-23T01:05:00Z', ZONE)).toBe('09:05');
    expect(clockTime('2026-11-23T16:00:00Z', ZONE)).toBe('00:00');
    expect(clockRange({ start: '2026-11-23T02:00:00Z', end: '2026-11-23T04:00:00Z' }, ZONE)).toBe(
      '10:00–12:00',
    );
  });

  it('name the day in both languages', () => {
    expect(dayName('2026-11-23T01:00:00Z', 'zh-CN', ZONE)).toBe('11月23日 星期一');
    expect(dayName('2026-11-23T01:00:00Z', 'en', ZONE)).toBe('Mon 23 Nov');
  });

  it('turn the day at midnight of the site', () => {
    expect(isoDay('2026-11-22T16:30:00Z', ZONE)).toBe('2026-11-23');
    expect(isoDay('2026-11-22T15:30:00Z', ZONE)).toBe('2026-11-22');
  });
});

it.each([
  [0, '¥0.00'],
  [5, '¥0.05'],
  [12_850, '¥128.50'],
  [99_999, '¥999.99'],
  [100_000, '¥1,000.00'],
  [123_456_789, '¥1,234,567.89'],
  [-1_234_500, '−¥12,345.00'],
  [-300, '−¥3.00'],
])('%i fen is %s', (fen, text) => {
  expect(money(fen)).toBe(text);
});

it('names another currency', () => {
  expect(money(100, 'HKD')).toBe('HKD 1.00');
  countIn('EUR');
  expect([money(100), money(100, 'CNY')]).toEqual(['EUR 1.00', '¥1.00']);
  countIn('CNY');
});

it.each([
  [84, '80 m'],
  [996, '1.0 km'],
  [3249, '3.2 km'],
  [18_400, '18 km'],
])('%i metres are %s', (metres, text) => {
  expect(distance(metres)).toBe(text);
});
