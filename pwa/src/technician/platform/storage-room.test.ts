import { expect, it } from 'vitest';
import { isNearlyFull } from './storage-room.svelte.ts';

const MB = 1024 * 1024;

it.each([
  [10 * MB, 2000 * MB, false],
  [1960 * MB, 2000 * MB, true],
  [9600 * MB, 10_000 * MB, true],
  [9000 * MB, 10_000 * MB, false],
  [0, 0, false],
])('%i of %i bytes used: nearly full is %s', (usage, quota, expected) => {
  expect(isNearlyFull({ usage, quota })).toBe(expected);
});
