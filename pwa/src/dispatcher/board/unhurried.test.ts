import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unhurried } from './unhurried.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first time is at once, and the next when nothing asks anew', () => {
  const work = vi.fn();
  const unhurried = new Unhurried(work);
  unhurried.ask();
  expect(work).toHaveBeenCalledTimes(1);
  unhurried.ask();
  vi.advanceTimersByTime(100);
  unhurried.ask();
  vi.advanceTimersByTime(100);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(20);
  expect(work).toHaveBeenCalledTimes(2);
});

test('who asks without end is answered now and then', () => {
  const work = vi.fn();
  const unhurried = new Unhurried(work);
  for (let at = 0; at < 1900; at += 20) {
    unhurried.ask();
    vi.advanceTimersByTime(20);
  }
  expect(work).toHaveBeenCalledTimes(5);
});

test('nothing is done after the end, and what begins anew begins at once', () => {
  const work = vi.fn();
  const unhurried = new Unhurried(work);
  unhurried.ask();
  unhurried.ask();
  unhurried.end();
  vi.advanceTimersByTime(1000);
  expect(work).toHaveBeenCalledTimes(1);
  unhurried.ask();
  expect(work).toHaveBeenCalledTimes(2);
});
