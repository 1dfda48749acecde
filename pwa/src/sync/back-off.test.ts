import { expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

const longest = { random: () => 1, uuid: () => '' };

it('doubles its waits, for a network up to two seconds, for a server up to a minute', () => {
  const backOff = new BackOff(longest);
  const waits = (reason: 'network' | 'server', count: number) =>
    Array.from({ length: count }, () => backOff.next_ms(reason));
  expect(waits('network', 6)).toEqual([200, 400, 800, 1600, 2000, 2000]);
  expect(waits('server', 10).at(-1)).toBe(60_000);
  backOff.reset();
  expect([backOff.next_ms('server'), backOff.next_ms('network')]).toEqual([200, 200]);
});

it('waits a moment only when the server stumbles after hours without signal', () => {
  const backOff = new BackOff(longest);
  for (let hour_s = 0; hour_s < 3600; hour_s += 2) backOff.next_ms('network');
  expect(backOff.next_ms('server')).toBe(200);
});
