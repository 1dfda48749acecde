import { describe, expect, it } from 'vitest';
import type { Http } from '../../api/http.ts';
import { DayModel } from '../day/day-model.ts';
import { sampleBoard } from '../day/sample-board.ts';
import { UndoStack } from '../day/undo-stack.ts';
import { ZoneClock } from '../day/zone-clock.ts';
import { offerMany } from './offer-many.ts';

describe('offering several jobs', () => {
  it('is one request, and one step back withdraws just what was offered', async () => {
    const model = new DayModel();
    model.load(sampleBoard());
    const [first, second] = model.visits();
    if (!first || !second) throw new Error('the sample has too few visits');
    const refusal = { job_id: second.jobId, number: second.number, code: 'nobody_listed', detail: '' };
    const asked: { job_id: string; version: number }[][] = [];
    const post = async (_path: string, body: { jobs: { job_id: string; version: number }[] }) => {
      asked.push(body.jobs);
      return {
        made: [{ offer_id: `offer ${asked.length}`, job_id: first.jobId, candidates: 3 }],
        refused: [refusal],
      };
    };
    const withdrawn: string[] = [];
    const withdrawOffer = async (id: string) => {
      withdrawn.push(id);
      return {} as never;
    };
    const undo = new UndoStack();
    const day = {
      day: '2026-11-23',
      model,
      clock: new ZoneClock('Asia/Shanghai'),
      undo,
      refresh: () => undefined,
    };

    const answer = await offerMany({ post } as unknown as Http, { withdrawOffer }, day, [first, second]);
    expect(answer).toEqual({ done: 1, refused: [refusal] });
    expect(asked).toEqual([[first, second].map(({ jobId, version }) => ({ job_id: jobId, version }))]);
    await undo.undo();
    await undo.redo();
    await undo.undo();
    expect(withdrawn).toEqual(['offer 1', 'offer 2']);
    expect(asked[1]?.map(({ job_id }) => job_id)).toEqual([first.jobId]);
  });
});
