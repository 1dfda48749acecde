import { expect, it } from 'vitest';
import { leftOf } from './countdown.ts';

it.each([
  [900_000, '15:00'],
  [845_001, '14:06'],
  [59_900, '1:00'],
  [1, '0:01'],
  [0, '0:00'],
  [-5000, '0:00'],
])('says of %d ms how long that is', (left, text) => {
  expect(leftOf(left)).toBe(text);
});
