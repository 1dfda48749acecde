/** A draft for tests: one visit moved, one taken out, one left out. */

import { usualObjective } from './sample-objective.ts';
import type { Plan } from './wire.ts';

export const sampleDraft = (): Plan => ({
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
});
