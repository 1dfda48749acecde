import { expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { mayBeLocated } from './may-be-located.ts';

const SHIFT = { start: '2026-11-22T00:30:00Z', end: '2026-11-22T10:00:00Z' };
const start = Date.parse(SHIFT.start);
const end = Date.parse(SHIFT.end);
const onTheWay = [jobSheet({ status: 'en_route' })];

it.each([
  ['a moment before the shift', start - 1, false],
  ['as the shift begins', start, true],
  ['as it ends', end, true],
  ['a moment after it', end + 1, false],
])('%s', (_when, now, may) => {
  expect(mayBeLocated(SHIFT, onTheWay, now)).toBe(may);
});

it.each([
  ['assigned', false],
  ['accepted', false],
  ['en_route', true],
  ['on_site', true],
  ['diagnosed', true],
  ['done', false],
  ['signed', false],
  ['cancelled', false],
] as const)('with a job that is %s', (status, may) => {
  expect(mayBeLocated(SHIFT, [jobSheet({ status })], start)).toBe(may);
});

it('never without a shift, whatever is underway', () => {
  expect(mayBeLocated(null, onTheWay, start)).toBe(false);
});
