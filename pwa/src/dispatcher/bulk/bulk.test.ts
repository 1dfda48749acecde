import { describe, expect, it } from 'vitest';
import type { Http } from '../../api/http.ts';
import { ApiError } from '../../api/problem.ts';
import { DayModel } from '../day/day-model.ts';
import { MovedOnError } from '../day/hand-work.ts';
import { ms, plannedVisit, sampleBoard } from '../day/sample-board.ts';
import { UndoStack } from '../day/undo-stack.ts';
import { ZoneClock } from '../day/zone-clock.ts';
import { betweenInList, betweenOnBoard } from './between.ts';
import { assignDeeds, cancelDeeds, dayDeeds, lockDeeds, unassignDeeds } from './deeds.ts';
import { doMany, type ManyHands } from './many-work.ts';
import { Picks } from './picks.svelte.ts';
import type { JobSteps, ManyAnswer } from './wire.ts';

function day(): DayModel {
  const model = new DayModel();
  model.load(sampleBoard());
  return model;
}

const visitOf = (model: DayModel, jobId: string) => {
  const visit = model.visit(jobId);
  if (!visit) throw new Error(`no ${jobId}`);
  return visit;
};
const technicianOf = (model: DayModel, id: string) => {
  const technician = model.technician(id);
  if (!technician) throw new Error(`no ${id}`);
  return technician;
};
const clock = new ZoneClock('Asia/Shanghai');

describe('choosing several', () => {
  it('begins with the one that was chosen alone and takes one out by the same click', () => {
    const picks = new Picks();
    picks.toggle('b', 'a');
    expect([...picks.ids]).toEqual(['a', 'b']);
    picks.toggle('a');
    expect([...picks.ids]).toEqual(['b']);
    expect(picks.isMany).toBe(false);
  });

  it('takes a rectangle of rows and time on the board', () => {
    const model = day();
    expect(betweenOnBoard(model, visitOf(model, 'a'), visitOf(model, 'c'))).toEqual(['a', 'c']);
    expect(betweenOnBoard(model, visitOf(model, 'b'), visitOf(model, 'a'))).toEqual(['a', 'b']);
  });

  it('takes what stands between in a list, either way', () => {
    expect(betweenInList(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(betweenInList(['a', 'b'], null, 'b')).toEqual(['b']);
  });
});

describe('deeds', () => {
  it('puts several on one technician without overlaps, each where its window lets it', () => {
    const model = day();
    // `c` (10:30) and `d` (window 10:00–12:00) both go to Li, who has `a` from 10:00 to 11:00.
    const deeds = assignDeeds([visitOf(model, 'd'), visitOf(model, 'c')], technicianOf(model, 'li'), model);
    const places = deeds.map(({ visit, planned }) => [
      visit.jobId,
      planned && clock.range(planned.startMs, planned.endMs),
    ]);
    expect(places).toEqual([
      ['d', '11:00–12:00'],
      ['c', '12:00–13:00'],
    ]);
    expect(deeds.flatMap(({ objections }) => objections)).toEqual([]);
  });

  it('says what breaks where nothing fits', () => {
    const model = day();
    const nobody = { ...technicianOf(model, 'li'), skills: new Map() };
    const [deed] = assignDeeds([visitOf(model, 'c')], nobody, model);
    expect(deed?.planned?.startMs).toBe(ms('10:30'));
    expect(deed?.objections.map(({ code }) => code)).toContain('skill_missing');
  });

  it('leaves out what its state does not allow', () => {
    const model = new DayModel();
    const begun = { ...plannedVisit('x', 'li', '10:00', '11:00'), status: 'on_site' };
    model.load(sampleBoard({ visits: [begun, plannedVisit('a', 'li', '12:00', '13:00')] }));
    const all = model.visits();
    const ids = (deeds: readonly { visit: { jobId: string } }[]) => deeds.map(({ visit }) => visit.jobId);
    expect(ids(unassignDeeds(all))).toEqual(['a']);
    expect(ids(lockDeeds(all, true, false))).toEqual(['a']);
    expect(ids(cancelDeeds(all, 'x'))).toEqual(['a', 'd']);
    expect(cancelDeeds(all, 'x').map(({ back }) => back)).toEqual([null, null]);
  });

  it('moves the promise along to another day and knows the way back', () => {
    const model = day();
    const off = (id: string) => ({ ...technicianOf(model, id), shift: null });
    const [kept] = dayDeeds([visitOf(model, 'a')], 1, true, off);
    expect(kept?.forth.steps.map(({ action }) => action)).toEqual(['unassign', 'book', 'assign']);
    expect(kept?.back?.steps.map(({ action }) => action)).toEqual(['unassign', 'book', 'assign']);
    expect(kept?.planned?.startMs).toBe(ms('10:00') + 24 * 3_600_000);
    expect(kept?.objections).toEqual([{ code: 'no_shift' }]);
    const [freed, waiting] = dayDeeds([visitOf(model, 'a'), visitOf(model, 'd')], -1, false, off);
    expect(freed?.forth.steps.map(({ action }) => action)).toEqual(['unassign', 'book']);
    expect(freed?.back?.steps.map(({ action }) => action)).toEqual(['book', 'assign']);
    expect(waiting?.back?.steps.map(({ action }) => action)).toEqual(['book']);
  });
});

describe('doing it', () => {
  function desk(answers: ((jobs: JobSteps[]) => ManyAnswer | ApiError)[]) {
    const asked: JobSteps[][] = [];
    const post = async (_path: string, body: { jobs: JobSteps[] }) => {
      asked.push(body.jobs);
      const answer = answers[asked.length - 1]?.(body.jobs);
      if (!answer || answer instanceof ApiError) throw answer;
      return answer;
    };
    const model = day();
    const hands: ManyHands = {
      day: '2026-11-23',
      model,
      clock,
      undo: new UndoStack(),
      refresh: () => undefined,
      hand: { own: new Map() },
    };
    return { http: { post } as unknown as Http, hands, model, asked };
  }
  const done =
    (version: number) =>
    (jobs: JobSteps[]): ManyAnswer => ({
      done: jobs.map(({ job_id }) => ({ job_id, number: `J-${job_id}`, version })),
      refused: [],
    });

  it('is one step back, of what was done only, on the versions it made', async () => {
    const refuseC = (jobs: JobSteps[]): ManyAnswer => ({
      done: done(7)(jobs).done.filter(({ job_id }) => job_id !== 'c'),
      refused: [{ job_id: 'c', number: 'J-c', code: 'stale', detail: '' }],
    });
    const { http, hands, model, asked } = desk([refuseC, done(8), done(9)]);
    const answer = await doMany(http, hands, unassignDeeds(model.visits()), 'taken back');
    expect(answer.refused.map(({ number }) => number)).toEqual(['J-c']);
    expect((await hands.undo.undo())?.label).toBe('taken back');
    expect(asked[1]?.map(({ job_id, version }) => [job_id, version])).toEqual([
      ['a', 7],
      ['b', 7],
    ]);
    await hands.undo.redo();
    expect(asked[2]?.map(({ version }) => version)).toEqual([8, 8]);
  });

  it('is what is taken back, also when that is asked for before the answer', async () => {
    const { http, hands, model, asked } = desk([done(7), done(8)]);
    hands.undo.record({ label: 'before', undo: async () => undefined, redo: async () => undefined });
    const doing = doMany(http, hands, unassignDeeds([visitOf(model, 'a')]), 'taken back');
    expect((await hands.undo.undo())?.label).toBe('taken back');
    await doing;
    expect(asked[1]?.map(({ version }) => version)).toEqual([7]);
  });

  it('names what somebody changed since', async () => {
    const stale = (): ManyAnswer => ({
      done: [],
      refused: [{ job_id: 'a', number: 'J-a', code: 'stale', detail: '' }],
    });
    const { http, hands, model } = desk([done(2), stale]);
    await doMany(http, hands, unassignDeeds([visitOf(model, 'a')]), 'x');
    await expect(hands.undo.undo()).rejects.toMatchObject({ why: new MovedOnError(['J-a']) });
  });

  it('leaves nothing to undo where nothing can be taken back', async () => {
    const { http, hands, model } = desk([done(2)]);
    await doMany(http, hands, cancelDeeds(model.visits(), 'x'), 'cancelled');
    expect(hands.undo.canUndo).toBe(false);
  });
});
