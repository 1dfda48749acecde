import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { ms, plannedVisit, sampleBoard } from '../day/sample-board.ts';
import { jobsBetween } from './extent.ts';
import { TimeAxis } from './time-axis.ts';

// An hour is a hundred pixels; 李 has the first line, a group's head the second, 王 the third.
const axis = new TimeAxis({ startMs: ms('08:00'), endMs: ms('18:00') }, 1000);
const day = new DayModel();
day.load(
  sampleBoard({
    visits: [
      plannedVisit('a', 'li', '09:00', '10:00'),
      plannedVisit('b', 'li', '12:00', '13:00'),
      plannedVisit('c', 'wang', '09:30', '10:30'),
    ],
  }),
);
const lines = [day.technician('li'), null, day.technician('wang')];
const between = (x1: number, y1: number, x2: number, y2: number): string[] =>
  jobsBetween({ x: x1, y: y1 }, { x: x2, y: y2 }, day, lines, axis);

describe('a box drawn on the board', () => {
  it.each([
    ['takes what it touches in all its rows', [50, 10, 160, 100], ['a', 'c']],
    ['takes the same drawn from its other end', [160, 100, 50, 10], ['a', 'c']],
    ['leaves out what begins after it', [0, 10, 140, 40], ['a']],
    ['leaves out rows above it', [0, 90, 1000, 130], ['c']],
    ['takes nothing where nothing is', [600, 0, 700, 130], []],
    ['takes nothing of a head of a group', [0, 50, 1000, 80], []],
  ])('%s', (_case, [x1 = 0, y1 = 0, x2 = 0, y2 = 0], jobs) => {
    expect(between(x1, y1, x2, y2)).toEqual(jobs);
  });
});
