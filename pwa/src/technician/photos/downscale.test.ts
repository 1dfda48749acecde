import { expect, it } from 'vitest';
import { fittedSize } from './downscale.ts';

it.each([
  [4000, 3000, { width: 1280, height: 960 }],
  [3000, 4000, { width: 960, height: 1280 }],
  [800, 600, { width: 800, height: 600 }],
  [10_000, 1, { width: 1280, height: 1 }],
])('a picture of %i × %i is kept as it fits', (width, height, size) => {
  expect(fittedSize(width, height)).toEqual(size);
});
