import { describe, expect, it } from 'vitest';
import { ms } from '../day/sample-board.ts';
import { costRows, draftPlacements, headline, touchedJobs } from './comparison.ts';
import { costCurve } from './cost-curve.ts';
import { sampleDraft } from './sample-draft.ts';

const draft = sampleDraft();

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
