import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { MovedOnError } from '../day/hand-work.ts';
import { UndoRefusedError, UndoStack } from '../day/undo-stack.ts';
import { PlaceGoneError, WeekMover } from './mover.svelte.ts';
import type { Verdict } from './verdict.ts';
import { carried, opening, openings, TUESDAY, tuesday } from './week-samples.ts';
import type { Move, Moved, Openings } from './wire.ts';

const change = {
  job_id: 'j1',
  number: 'J1',
  version: 3,
  technician_id: 'li',
  arrive: tuesday(10),
  start: tuesday(10.25),
  end: tuesday(11),
  travel_s: 600,
  travel_m: 4000,
};
const li = { technicianId: 'li', day: TUESDAY };
const ofLi = openings(opening('li', 10, 4000, { changes: [change], promises_moved: 2 }));

/** The server: what it is asked and sent, and a move that undoes each move by going back to where it was. */
class Server {
  asked: string[] = [];
  sent: Move[] = [];
  exact: Openings = ofLi;
  refusal: unknown = null;

  async ask(_job: string, day: string, technicianId: string | null): Promise<Openings> {
    this.asked.push(`${day} ${technicianId ?? 'all'}`);
    return technicianId === null ? openings(opening('li', 10, 4000)) : this.exact;
  }

  async send(_job: string, move: Move): Promise<Moved> {
    if (this.refusal) throw this.refusal;
    this.sent.push(move);
    const version = 3 + this.sent.length;
    const back = {
      version,
      window_start: `before ${this.sent.length}`,
      window_end: '',
      changes: [{ ...change, version }],
    };
    return { jobs: [{ job_id: 'j1', number: 'J1', version }], back };
  }
}

class Clockwork {
  #due: { run: () => void; at: number }[] = [];

  set(run: () => void, afterMs: number): unknown {
    const one = { run, at: afterMs };
    this.#due.push(one);
    return one;
  }

  clear(handle: unknown): void {
    this.#due = this.#due.filter((one) => one !== handle);
  }

  async rest(): Promise<void> {
    for (const { run } of this.#due.splice(0)) run();
    await new Promise((done) => setTimeout(done));
  }
}

let server: Server;
let undo: UndoStack;
let clockwork: Clockwork;
let mover: WeekMover;
let versions: number[];

beforeEach(() => {
  server = new Server();
  undo = new UndoStack();
  clockwork = new Clockwork();
  versions = [];
  const ports = {
    ask: server.ask.bind(server),
    send: server.send.bind(server),
    judge: (_carried: unknown, cell: { technicianId: string | null }, answer: unknown): Verdict => {
      if (cell.technicianId === null) return { kind: 'nobody', window: carried.window };
      if (cell.technicianId === 'beginner') return { kind: 'refused', refusal: { code: 'skill_missing' } };
      if (answer === undefined || answer === 'asking') return { kind: 'asking' };
      if (answer === 'failed') return { kind: 'failed' };
      const found = (answer as Openings).openings;
      return { kind: 'fits', openings: found, chosen: found[0] as (typeof found)[number] };
    },
    label: () => 'J1',
    undo,
    changed: ({ jobs }: Moved) => void versions.push(jobs[0]?.version ?? 0),
  };
  mover = new WeekMover(ports, clockwork);
});

describe('moving a visit through the week', () => {
  it('asks about a day and a technician only where the visit rests, and only once', async () => {
    mover.hover(li);
    mover.lift(carried);
    mover.hover({ technicianId: 'wang', day: TUESDAY });
    mover.hover({ technicianId: 'beginner', day: TUESDAY });
    await clockwork.rest();
    expect(server.asked).toEqual([]);
    mover.hover(li);
    await clockwork.rest();
    expect(server.asked).toEqual([`${TUESDAY} all`, `${TUESDAY} li`]);
    expect(mover.promisesMoved(li, opening('li', 10, 4000))).toBe(2);
    mover.hover(null);
    mover.hover(li);
    await clockwork.rest();
    expect(server.asked).toHaveLength(2);
  });

  it('puts it into the window that was looked at, though another begins with it', async () => {
    const whole = { window: { start: tuesday(10), end: tuesday(16) }, promises_moved: 9 };
    server.exact = openings(opening('li', 10, 1, whole), ...ofLi.openings);
    mover.lift(carried);
    mover.hover(li);
    await clockwork.rest();
    expect(mover.promisesMoved(li, opening('li', 10, 4000))).toBe(2);
    await mover.drop();
    expect(server.sent[0]?.window_end).toBe(tuesday(12));
  });

  it('puts it down with every change it makes, takes it back and does it again by what came back', async () => {
    mover.lift(carried);
    mover.hover(li);
    expect(await mover.drop()).toBe(true);
    const { number: _, ...sent } = change;
    expect(server.sent).toEqual([
      { version: 3, window_start: tuesday(10), window_end: tuesday(12), changes: [sent] },
    ]);
    expect(mover.carried).toBeNull();
    expect((await undo.undo())?.label).toBe('J1');
    expect(server.sent[1]).toEqual({
      version: 4,
      window_start: 'before 1',
      window_end: '',
      changes: [{ ...sent, version: 4 }],
    });
    await undo.redo();
    expect(server.sent[2]).toMatchObject({ version: 5, window_start: 'before 2' });
    expect(versions).toEqual([4, 5, 6]);
  });

  it('leaves it with nobody without asking for a place', async () => {
    mover.lift(carried);
    mover.hover({ technicianId: null, day: TUESDAY });
    expect(await mover.drop()).toBe(true);
    expect(server.asked).toEqual([]);
    expect(server.sent[0]).toMatchObject({ version: 3, changes: [] });
  });

  it('stays held where it may not go, and where the place has gone', async () => {
    mover.lift(carried);
    mover.hover({ technicianId: 'beginner', day: TUESDAY });
    expect(await mover.drop()).toBe(false);
    mover.hover(li);
    server.exact = openings();
    await expect(mover.drop()).rejects.toBeInstanceOf(PlaceGoneError);
    expect(mover.carried).toBe(carried);
    expect(server.sent).toEqual([]);
    expect(undo.canUndo).toBe(false);
  });

  it('names what has changed since when it cannot be taken back', async () => {
    mover.lift(carried);
    mover.hover(li);
    await mover.drop();
    server.refusal = new ApiError(409, { code: 'stale', numbers: ['J7'] });
    const failure = await undo.undo().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UndoRefusedError);
    expect((failure as UndoRefusedError).why).toEqual(new MovedOnError(['J7']));
  });

  it('asks again after no answer', async () => {
    mover.lift(carried);
    const ask = server.ask;
    let isDown = true;
    const failing = new WeekMover(
      {
        ask: (...about) => (isDown ? Promise.reject(new Error('down')) : ask.apply(server, about)),
        send: server.send.bind(server),
        judge: (_c, _cell, answer): Verdict => ({ kind: answer === 'failed' ? 'failed' : 'asking' }),
        label: () => '',
        undo,
        changed: () => undefined,
      },
      clockwork,
    );
    failing.lift(carried);
    failing.hover(li);
    await clockwork.rest();
    expect(failing.verdict(li)).toEqual({ kind: 'failed' });
    isDown = false;
    failing.hover(null);
    failing.hover(li);
    await clockwork.rest();
    expect(server.asked).toEqual([`${TUESDAY} all`, `${TUESDAY} li`]);
    expect(failing.verdict(li)).toEqual({ kind: 'asking' });
  });
});
