import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { texts } from '../i18n/texts.svelte.ts';
import type { Remedy } from '../remedies/wire.ts';
import { DayModel } from './day-model.ts';
import { HandWork, MovedOnError } from './hand-work.ts';
import { sampleBoard } from './sample-board.ts';
import { UndoRefusedError, UndoStack } from './undo-stack.ts';
import { ZoneClock } from './zone-clock.ts';

const stale = (numbers?: string[]) =>
  new ApiError(409, {
    code: 'stale',
    status: 409,
    title: '',
    detail: '',
    type: '',
    ...(numbers ? { numbers } : {}),
  });

let version = 0;
const act = vi.fn();
const applyRemedy = vi.fn();
let model: DayModel;
let undo: UndoStack;
let hand: HandWork;

beforeAll(() => texts.use('en'));
beforeEach(() => {
  version = 10;
  act.mockReset().mockImplementation(async () => ({ sheet: { version: ++version, status: 'assigned' } }));
  applyRemedy.mockReset().mockImplementation(async ({ changes }: { changes: { job_id: string }[] }) => ({
    jobs: changes.map(({ job_id }) => ({ job_id, number: job_id, version: ++version })),
  }));
  model = new DayModel();
  model.load(sampleBoard());
  undo = new UndoStack();
  const day = { day: '2026-11-23', model, undo, clock: new ZoneClock('Asia/Shanghai'), refresh: vi.fn() };
  hand = new HandWork({ act, applyRemedy } as unknown as ConsoleApi, day);
});

const placed = () => {
  const visit = model.visits().find(({ planned, technicianId }) => planned !== null && technicianId !== null);
  if (!visit) throw new Error('nobody has a job');
  return visit;
};

describe('work by hand', () => {
  it('is undone on the version it made, and done again on the one that made', async () => {
    const visit = placed();
    await hand.place(visit.jobId, { technicianId: null, planned: null });
    const step = await undo.undo();
    await undo.redo();
    expect(step?.label).toBe(`${visit.number} → nobody`);
    expect(act.mock.calls.map(([, action, sent]) => [action, sent])).toEqual([
      ['unassign', visit.version],
      ['assign', 11],
      ['unassign', 12],
    ]);
  });

  it('is undone by a key pressed before the server has answered', async () => {
    const visit = placed();
    const move = hand.place(visit.jobId, { technicianId: null, planned: null });
    const step = await undo.undo();
    await move;
    expect(step?.label).toBe(`${visit.number} → nobody`);
    expect(act.mock.calls.map(([, action]) => action)).toEqual(['unassign', 'assign']);
  });

  it('is not undone over what somebody else did since, and says where', async () => {
    const visit = placed();
    await hand.place(visit.jobId, { technicianId: null, planned: null });
    act.mockRejectedValueOnce(stale());
    const refused = await undo.undo().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UndoRefusedError);
    expect((refused as UndoRefusedError).why).toEqual(new MovedOnError([visit.number]));
    expect((await undo.undo()) ?? null).toBeNull();
  });

  it('puts every job of a remedy back where it was at once, or names those that moved on', async () => {
    const visit = placed();
    const at = { arrive: '', start: '', end: '', travel_s: 0, travel_m: 0 };
    const change = {
      job_id: visit.jobId,
      number: visit.number,
      version: visit.version,
      technician_id: 'x',
      ...at,
    };
    const remedy: Remedy = { code: 'give', price_fen: 0, promises_moved: 0, changes: [change], left: [] };
    await hand.remedy(remedy);
    await undo.undo();
    const [back] = applyRemedy.mock.calls[1] ?? [];
    expect(back.changes[0]).toMatchObject({ technician_id: visit.technicianId, version: 11 });
    applyRemedy.mockRejectedValueOnce(stale(['J7']));
    const refused = (await undo.redo().catch((error: unknown) => error)) as UndoRefusedError;
    expect((refused.why as MovedOnError).numbers).toEqual(['J7']);
  });
});
