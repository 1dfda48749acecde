import { describe, expect, it } from 'vitest';
import type { Http } from '../../api/http.ts';
import { DayModel } from '../day/day-model.ts';
import { sampleBoard } from '../day/sample-board.ts';
import { UndoStack } from '../day/undo-stack.ts';
import type { Visit } from '../day/visit.ts';
import { ZoneClock } from '../day/zone-clock.ts';
import { offerMany } from './offer-many.ts';

type Asked = { job_id: string; version: number }[];

/** A dispatcher's day, and a server that answers by job; what it heard is kept. */
function office(answer: (jobs: Asked, turn: number) => { made: Asked; refused?: unknown[] }) {
  const model = new DayModel();
  model.load(sampleBoard());
  const asked: Asked[] = [];
  const withdrawn: string[] = [];
  const post = async (_path: string, { jobs }: { jobs: Asked }) => {
    asked.push(jobs);
    const { made, refused = [] } = answer(jobs, asked.length);
    return { made: made.map(({ job_id }) => ({ offer_id: `${asked.length}: ${job_id}`, job_id })), refused };
  };
  const withdrawOffer = async (id: string) => {
    withdrawn.push(id);
    return {} as never;
  };
  const undo = new UndoStack();
  const clock = new ZoneClock('Asia/Shanghai');
  const day = { day: '2026-11-23', model, clock, undo, refresh: () => undefined };
  return { day, asked, withdrawn, http: { post } as unknown as Http, api: { withdrawOffer } };
}

function visits(day: { model: DayModel }, count: number): Visit[] {
  const [first] = day.model.visits();
  if (!first) throw new Error('the sample has no visits');
  return Array.from({ length: count }, (_, at) => ({ ...first, jobId: `job ${at}` }));
}

describe('offering several jobs', () => {
  it('withdraws with one step back just what was offered', async () => {
    const refusal = { job_id: 'job 1', number: 'SO-2', code: 'nobody_listed', detail: '' };
    const { day, asked, withdrawn, http, api } = office((jobs) => ({
      made: jobs.slice(0, 1),
      refused: [refusal],
    }));
    const [first, second] = visits(day, 2);
    if (!first || !second) throw new Error('two were asked for');

    const answer = await offerMany(http, api, day, [first, second]);
    expect(answer).toEqual({ done: 1, refused: [refusal] });
    expect(asked).toEqual([[first, second].map(({ jobId, version }) => ({ job_id: jobId, version }))]);
    await day.undo.undo();
    await day.undo.redo();
    await day.undo.undo();
    expect(withdrawn).toEqual(['1: job 0', '2: job 0']);
    expect(asked[1]?.map(({ job_id }) => job_id)).toEqual(['job 0']);
  });

  it('tells how far it is, and ends where that is enough', async () => {
    const { day, asked, http, api } = office((jobs) => ({ made: jobs }));
    const told: number[] = [];
    const follower = { onAnswered: (jobs: number) => told.push(jobs), isEnough: () => told.length === 2 };

    const { done } = await offerMany(http, api, day, visits(day, 30), follower);

    expect(done).toBe(asked.flat().length);
    expect(done).toBeLessThan(30);
    expect(told).toEqual([asked[0]?.length, done]);
  });

  it('takes back what was offered before it failed', async () => {
    const { day, withdrawn, http, api } = office((jobs, turn) => {
      if (turn === 2) throw new TypeError('the line is dead');
      return { made: jobs };
    });
    await expect(offerMany(http, api, day, visits(day, 30))).rejects.toThrow('the line is dead');
    await day.undo.undo();
    expect(withdrawn[0]).toBe('1: job 0');
    expect(withdrawn.every((offer) => offer.startsWith('1: '))).toBe(true);
  });
});
