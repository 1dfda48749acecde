import { describe, expect, it } from 'vitest';
import type { Timer } from '../day/coalescer.ts';
import { DayModel, type Placement } from '../day/day-model.ts';
import { ms, sampleBoard } from '../day/sample-board.ts';
import { technicianBeside } from './neighbours.ts';
import { Nudge } from './nudge.ts';

class FakeTimer implements Timer {
  pending: (() => void) | null = null;
  set(run: () => void): unknown {
    this.pending = run;
    return run;
  }
  clear(): void {
    this.pending = null;
  }
  fire(): void {
    const run = this.pending;
    this.pending = null;
    run?.();
  }
}

function board() {
  const day = new DayModel();
  day.load(sampleBoard());
  const timer = new FakeTimer();
  const sent: [string, Placement][] = [];
  const nudge = new Nudge(
    {
      visit: (jobId) => day.visit(jobId),
      technicianBeside: (id, step) => technicianBeside(day, id, step),
      preview: (jobId, placement) => day.move(jobId, placement),
      revert: (jobId) => day.revert(jobId),
      commit: (jobId, placement) => sent.push([jobId, placement]),
    },
    timer,
  );
  return { day, timer, sent, nudge };
}

describe('moving a visit with the arrow keys', () => {
  it('shows each press at once and sends only where the visit comes to rest', () => {
    const { day, timer, sent, nudge } = board();
    nudge.move('a', 15, 0);
    nudge.move('a', 15, 0);
    nudge.move('a', 0, 1);
    expect(day.visit('a')).toMatchObject({ technicianId: 'wang', planned: { startMs: ms('10:30') } });
    expect(sent).toEqual([]);
    timer.fire();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[1]).toMatchObject({
      technicianId: 'wang',
      planned: { startMs: ms('10:30'), endMs: ms('11:30') },
    });
  });

  it('leaves the first visit where it rests when another one is moved', () => {
    const { sent, nudge } = board();
    nudge.move('a', 15, 0);
    nudge.move('b', 15, 0);
    expect(sent.map(([jobId]) => jobId)).toEqual(['a']);
  });

  it('goes back without asking the server when it is cancelled', () => {
    const { day, timer, sent, nudge } = board();
    nudge.move('a', 45, 0);
    expect(nudge.cancel()).toBe(true);
    timer.fire();
    expect(day.visit('a')?.planned?.startMs).toBe(ms('10:00'));
    expect(sent).toEqual([]);
    expect(nudge.cancel()).toBe(false);
  });

  it('stays on the board at its first and last row', () => {
    const { day, nudge } = board();
    expect(nudge.move('a', 0, -1)).toBe(false);
    expect(nudge.isPending).toBe(false);
    expect(day.visit('a')?.technicianId).toBe('li');
  });

  it('does not move what nobody has', () => {
    expect(board().nudge.move('d', 15, 0)).toBe(false);
  });
});
