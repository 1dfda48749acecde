import { expect, it } from 'vitest';
import { timeLeft } from './offer-time.ts';

const now = Date.parse('2026-11-23T01:00:00Z');
const after = (seconds: number) => timeLeft(new Date(now + seconds * 1000).toISOString(), now);

it.each([
  [1, '0:01', true],
  [299, '4:59', true],
  [725, '12:05', false],
  [3600, '1:00 h', false],
  [9240, '2:34 h', false],
])('tells %d s before the end how much is left', (seconds, text, isShort) => {
  expect(after(seconds)).toEqual({ text, isShort });
});

it('tells nothing once an offer is over, or has no end', () => {
  expect(after(0)).toBeNull();
  expect(after(-60)).toBeNull();
  expect(timeLeft('', now)).toBeNull();
});
