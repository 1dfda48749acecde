import { expect, it } from 'vitest';
import { normaliseStrokes, scaleStrokes } from './strokes.ts';

const stroke = [
  { x: 30, y: 60, time: 1_700_000_000_000, pressure: 0.5 },
  { x: 150, y: 90, time: 1_700_000_000_040, pressure: 0.123456 },
];

it('keeps strokes as fractions of the width and times from the first point', () => {
  expect(normaliseStrokes([stroke], 300)).toEqual([
    [
      { x: 0.1, y: 0.2, t: 0, p: 0.5 },
      { x: 0.5, y: 0.3, t: 40, p: 0.1235 },
    ],
  ]);
});

it('redraws the same signature on a wider pad', () => {
  const [scaled] = scaleStrokes([{ points: stroke, penColor: 'black' }], 2);
  expect(scaled).toMatchObject({
    penColor: 'black',
    points: [
      { x: 60, y: 120 },
      { x: 300, y: 180 },
    ],
  });
});
