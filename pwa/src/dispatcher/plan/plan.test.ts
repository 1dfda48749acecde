import { describe, expect, it } from 'vitest';
import { ms } from '../day/sample-board.ts';
import { costRows, draftPlacements, headline, touchedJobs } from './comparison.ts';
import { costCurve } from './cost-curve.ts';
import { usualObjective } from './sample-objective.ts';
import type { Plan } from './wire.ts';

const draft: Plan = {
  id: 'p1',
  state: 'draft',
  cost: { travel: 900, total: 900 },
  visits: [
    {
      job_id: 'a',
      technician_id: 'li',
      arrive: '2026-11-23T02:00:00Z',
      start: '2026-11-23T02:10:00Z',
      end: '2026-11-23T03:00:00Z',
      travel_s: 600,
      travel_m: 3000,
      seq: 1,
    },
  ],
  unserved: [{ job_id: 'd', reason: { code: 'no_skill', data: {} } }],
  against_current: {
    cost: {
      travel: { before: 1500, after: 900 },
      overtime: { before: 0, after: 0 },
      vendor: { before: 100, after: 2000 },
      total: { before: 1600, after: 2900 },
    },
    moved: [
      {
        job_id: 'a',
        number: 'J-a',
        from: { technician_id: 'wang', start: null },
        to: { technician_id: 'li', start: '2026-11-23T02:10:00Z' },
        promise_moved: true,
      },
    ],
    added: [],
    removed: [{ job_id: 'e', number: 'J-e' }],
  },
  run_id: null,
  changed_since: [],
  merged: [],
  objective: usualObjective(),
  created_by: null,
  created_at: '2026-11-22T02:00:00Z',
};

describe('a draft beside the current plan', () => {
  it('lists what costs something, dearest first, with the total apart', () => {
    const { rows, total } = costRows(draft);
    expect(rows.map((row) => row.component)).toEqual(['vendor', 'travel']);
    expect(total?.savedFen).toBe(-1300);
  });

  it('counts moves, moved promises and what is left out', () => {
    expect(headline(draft)).toEqual({ moved: 1, promisesMoved: 1, added: 0, removed: 1, unserved: 1 });
  });

  it('places planned jobs and takes the others off the board', () => {
    const placements = draftPlacements(draft);
    expect(placements.get('a')).toMatchObject({ technicianId: 'li', planned: { startMs: ms('10:10') } });
    expect(placements.get('d')).toEqual({ technicianId: null, planned: null });
    expect(placements.get('e')).toEqual({ technicianId: null, planned: null });
    expect([...touchedJobs(draft)]).toEqual(['a', 'e']);
  });
});

describe('costCurve', () => {
  it('steps down at each improvement and runs on to now', () => {
    const shape = costCurve(
      [
        [0, 100],
        [2, 60],
        [5, 20],
      ],
      10,
      100,
      40,
    );
    expect(shape).toEqual({ path: 'M0.0 0.0H20.0V20.0H50.0V40.0H100.0', lowFen: 20, highFen: 100 });
  });

  it('is a level line while nothing has improved, and nothing before the first answer', () => {
    expect(costCurve([[0, 50]], 4, 100, 40)?.path).toBe('M0.0 20.0H100.0');
    expect(costCurve([], 4, 100, 40)).toBeNull();
  });
});
