import { expect, it } from 'vitest';
import { isSignature, normaliseStrokes, scaleStrokes } from './strokes.ts';

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

it('keeps a stroke that left the pad at its edge', () => {
  const outside = [
    { x: -8, y: 2000, time: 5, pressure: 1.5 },
    { x: 320, y: -1, time: 3, pressure: 0 },
  ];
  expect(normaliseStrokes([outside], 300)).toEqual([
    [
      { x: 0, y: 4, t: 0, p: 1 },
      { x: 1, y: 0, t: 0, p: 0 },
    ],
  ]);
});

it('does not take a dot for a signature', () => {
  const [dot] = stroke;
  expect(isSignature([])).toBe(false);
  expect(isSignature([dot ? [dot, dot, dot, dot] : []])).toBe(false);
  expect(isSignature([stroke, [{ x: 5, y: 5, time: 0, pressure: 0 }]])).toBe(true);
});
