import { describe, expect, it, vi } from 'vitest';
import { Coalescer, type Timer } from './coalescer.ts';
import { wireVisit } from './sample-board.ts';
import { searchVisits } from './search.ts';
import { Selection } from './selection.ts';
import { UndoStack } from './undo-stack.ts';
import { visitFromWire } from './visit.ts';
import { visitState } from './visit-state.ts';
import { addDays, ZoneClock } from './zone-clock.ts';

class FakeTimer implements Timer {
  runs: (() => void)[] = [];
  set(run: () => void): unknown {
    this.runs.push(run);
    return run;
  }
  clear(handle: unknown): void {
    this.runs = this.runs.filter((run) => run !== handle);
  }
  async fire(): Promise<void> {
    for (const run of this.runs.splice(0)) run();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

describe('Coalescer', () => {
  it('answers a burst with one flush of the distinct items', async () => {
    const timer = new FakeTimer();
    const flush = vi.fn().mockResolvedValue(undefined);
    const coalescer = new Coalescer<string>(flush, 200, vi.fn(), timer);
    for (const id of ['a', 'b', 'a']) coalescer.add(id);
    await timer.fire();
    expect(flush).toHaveBeenCalledTimes(1);
    expect(Array.from(flush.mock.calls[0]?.[0] ?? [])).toEqual(['a', 'b']);
  });

  it('never runs two flushes at once', async () => {
    const timer = new FakeTimer();
    let finish: () => void = () => undefined;
    const flush = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const coalescer = new Coalescer<string>(flush, 200, vi.fn(), timer);
    coalescer.add('a');
    await timer.fire();
    coalescer.add('b');
    await timer.fire();
    expect(flush).toHaveBeenCalledTimes(1);
    finish();
    await timer.fire();
    await timer.fire();
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('keeps what a failed flush did not answer and tells of the failure', async () => {
    const timer = new FakeTimer();
    const onError = vi.fn();
    const flush = vi.fn().mockRejectedValueOnce(new Error('no network')).mockResolvedValue(undefined);
    const coalescer = new Coalescer<string>(flush, 200, onError, timer);
    coalescer.add('a');
    await timer.fire();
    expect(onError).toHaveBeenCalledTimes(1);
    await timer.fire();
    expect(Array.from(flush.mock.calls[1]?.[0] ?? [])).toEqual(['a']);
  });

  it('is silent once closed', async () => {
    const timer = new FakeTimer();
    const flush = vi.fn().mockResolvedValue(undefined);
    const coalescer = new Coalescer<string>(flush, 200, vi.fn(), timer);
    coalescer.add('a');
    coalescer.close();
    coalescer.add('b');
    await timer.fire();
    expect(flush).not.toHaveBeenCalled();
  });
});

describe('UndoStack', () => {
  const step = (label: string, log: string[]) => ({
    label,
    undo: async () => void log.push(`undo ${label}`),
    redo: async () => void log.push(`redo ${label}`),
  });

  it('takes back the last step first and can do it again', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    stack.record(step('a', log));
    stack.record(step('b', log));
    await stack.undo();
    await stack.undo();
    await stack.redo();
    expect(log).toEqual(['undo b', 'undo a', 'redo a']);
  });

  it('forgets what was undone when something new is done', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    stack.record(step('a', log));
    await stack.undo();
    stack.record(step('b', log));
    expect(stack.canRedo).toBe(false);
  });

  it('drops a step the server refuses to take back, so that the one before can still be', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    stack.record(step('a', log));
    stack.record({ label: 'b', undo: () => Promise.reject(new Error('stale')), redo: async () => undefined });
    await expect(stack.undo()).rejects.toMatchObject({ label: 'b', why: new Error('stale') });
    await stack.undo();
    expect(log).toEqual(['undo a']);
  });

  it('waits for work under way, also when that fails', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    const first = stack.recordAfter(Promise.resolve(), step('a', log));
    const second = stack.recordAfter(Promise.reject(new Error('refused')), step('b', log));
    expect((await stack.undo())?.label).toBe('a');
    await first;
    await expect(second).rejects.toThrow('refused');
    expect([log, stack.canUndo]).toEqual([['undo a'], false]);
  });

  it('means the work under way also where its answer says what it was, and passes on where it was nothing', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    stack.record(step('a', log));
    const made = stack.recordAfter(Promise.resolve('b'), (answer) => step(answer, log));
    expect((await stack.undo())?.label).toBe('b');
    expect(await made).toBe('b');
    void stack.recordAfter(Promise.resolve(), () => null);
    expect((await stack.undo())?.label).toBe('a');
  });

  it('ignores a second key press while the first is under way', async () => {
    const log: string[] = [];
    const stack = new UndoStack();
    stack.record(step('a', log));
    stack.record(step('b', log));
    const both = await Promise.all([stack.undo(), stack.undo()]);
    expect(both.map((done) => done?.label ?? null)).toEqual(['b', null]);
  });
});

describe('Selection', () => {
  it('tells every view once, with where it came from', () => {
    const selection = new Selection();
    const heard = vi.fn();
    selection.subscribe(heard);
    selection.job('a', 'li', 'map');
    selection.job('a', 'li', 'board');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(heard).toHaveBeenCalledWith({ jobId: 'a', technicianId: 'li' }, 'map');
  });
});

describe('visitState', () => {
  const late = (minutes: number, status = 'assigned') => visitState({ status, late: { minutes } });

  it('is at risk near the end of the promise and failed beyond it', () => {
    expect(late(0)).toBe('at_risk');
    expect(late(5)).toBe('failed');
  });

  it('no longer minds a late start once the work has begun', () => {
    expect(late(5, 'on_site')).toBe('on_site');
  });
});

describe('searchVisits', () => {
  const visits = [
    visitFromWire(wireVisit('17', { customer_name: '王芳', address: '望京西园 3 号楼' })),
    visitFromWire(wireVisit('2', { customer_name: 'Zhao', address: '17 Guomao' })),
  ].map((visit) => ({ visit, technicianName: '李师傅' }));

  it('needs every word and looks at names, places and technicians', () => {
    expect(searchVisits(visits, '望京 李').map((visit) => visit.jobId)).toEqual(['17']);
  });

  it('puts a match on the end of the job number first', () => {
    expect(searchVisits(visits, '17').map((visit) => visit.jobId)).toEqual(['17', '2']);
  });

  it('finds nothing for nothing', () => {
    expect(searchVisits(visits, '  ')).toEqual([]);
  });
});

describe('ZoneClock', () => {
  it('shows the region’s wall clock whatever the computer’s zone', () => {
    expect(new ZoneClock('Asia/Shanghai').time(Date.parse('2026-11-23T01:05:00Z'))).toBe('09:05');
  });

  it('finds the instant of a wall-clock hour on a day with a change of clocks', () => {
    const london = new ZoneClock('Europe/London');
    expect(new Date(london.instant('2026-10-25')).toISOString()).toBe('2026-10-24T23:00:00.000Z');
    expect(new Date(london.instant('2026-10-25', 12)).toISOString()).toBe('2026-10-25T12:00:00.000Z');
  });

  it('floors to the wall-clock hour in a zone with a half-hour offset', () => {
    const kolkata = new ZoneClock('Asia/Kolkata');
    const floored = kolkata.floorHour(Date.parse('2026-11-23T04:00:00Z'));
    expect(kolkata.time(floored)).toBe('09:00');
  });

  it('names the day in the zone', () => {
    expect(new ZoneClock('Asia/Shanghai').day(Date.parse('2026-11-22T16:30:00Z'))).toBe('2026-11-23');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});
