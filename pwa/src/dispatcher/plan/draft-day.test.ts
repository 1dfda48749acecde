import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { at, ms, sampleBoard } from '../day/sample-board.ts';
import { DraftDay } from './draft-day.ts';
import { usualObjective } from './sample-objective.ts';
import type { Plan } from './wire.ts';

const stop = (jobId: string, technicianId: string, start: string, end: string) => ({
  job_id: jobId,
  technician_id: technicianId,
  arrive: at(start),
  start: at(start),
  end: at(end),
  travel_s: 0,
  travel_m: 0,
  seq: 1,
});

/** Moves a to wang, adds d, leaves c out; b stays. */
const plan: Plan = {
  id: 'p',
  state: 'draft',
  cost: {},
  visits: [
    stop('a', 'wang', '16:00', '17:00'),
    stop('b', 'li', '14:00', '15:00'),
    stop('d', 'li', '10:00', '11:00'),
  ],
  unserved: [{ job_id: 'c', reason: null }],
  against_current: {
    cost: {},
    moved: [
      {
        job_id: 'a',
        number: 'J-a',
        from: { technician_id: 'li', start: at('10:00') },
        to: { technician_id: 'wang', start: at('16:00') },
        promise_moved: true,
      },
    ],
    added: [{ job_id: 'd', number: 'J-d' }],
    removed: [{ job_id: 'c', number: 'J-c' }],
  },
  run_id: null,
  changed_since: [],
  merged: [],
  objective: usualObjective(),
  created_by: null,
  created_at: at('08:00'),
};

function draft() {
  const day = new DayModel();
  day.load(sampleBoard());
  return { day, draft: new DraftDay(day, plan) };
}

const ids = (visits: readonly { jobId: string }[]): string[] => visits.map(({ jobId }) => jobId);

describe('the day as a draft would make it', () => {
  it('puts visits where the draft wants them and leaves the day itself alone', () => {
    const { day, draft: drafted } = draft();
    expect(ids(drafted.row('li'))).toEqual(['d', 'b']);
    expect(ids(drafted.row('wang'))).toEqual(['a']);
    expect(drafted.visit('a')?.planned?.startMs).toBe(ms('16:00'));
    expect(ids(day.row('li'))).toEqual(['a', 'b']);
  });

  it('shows where moved and left-out visits are today', () => {
    const { draft: drafted } = draft();
    expect(ids(drafted.ghosts('li'))).toEqual(['a']);
    expect(ids(drafted.ghosts('wang'))).toEqual(['c']);
  });

  it('tells what it touches from what stays', () => {
    const { draft: drafted } = draft();
    expect(['a', 'b', 'c', 'd'].filter((jobId) => drafted.isTouched(jobId))).toEqual(['a', 'c', 'd']);
  });

  it('follows a change of the day beneath once it is told', () => {
    const { day, draft: drafted } = draft();
    expect(ids(drafted.row('li'))).toEqual(['d', 'b']);
    day.load(sampleBoard({ visits: [], unassigned: [] }));
    drafted.refresh();
    expect(ids(drafted.row('li'))).toEqual([]);
  });
});
