/** Moving a visit with the arrow keys: the bar follows each press, the server hears of the place it rests at. */

import type { Timer } from '../day/coalescer.ts';
import { browserTimer } from '../day/coalescer.ts';
import type { Placement } from '../day/day-model.ts';
import type { Planned, Visit } from '../day/visit.ts';

const MINUTE_MS = 60_000;
/** Long enough to press again, short enough not to be noticed. */
export const SETTLE_MS = 800;

export interface NudgePorts {
  visit(jobId: string): Visit | null;
  technicianBeside(technicianId: string, step: number): string | null;
  /** Shows a place without asking the server. */
  preview(jobId: string, placement: Placement): void;
  revert(jobId: string): void;
  commit(jobId: string, placement: Placement): void;
}

export function shifted(planned: Planned, byMs: number): Planned {
  return {
    ...planned,
    arriveMs: planned.arriveMs + byMs,
    startMs: planned.startMs + byMs,
    endMs: planned.endMs + byMs,
  };
}

export class Nudge {
  readonly #ports: NudgePorts;
  readonly #timer: Timer;
  #pending: { jobId: string; placement: Placement } | null = null;
  #handle: unknown = null;

  constructor(ports: NudgePorts, timer: Timer = browserTimer) {
    this.#ports = ports;
    this.#timer = timer;
  }

  get isPending(): boolean {
    return this.#pending !== null;
  }

  /** Moves by minutes and rows; false where there is no row to move to. */
  move(jobId: string, minutes: number, rows: number): boolean {
    if (this.#pending && this.#pending.jobId !== jobId) this.commit();
    const visit = this.#ports.visit(jobId);
    if (!visit?.planned || visit.technicianId === null) return false;
    const technicianId =
      rows === 0 ? visit.technicianId : this.#ports.technicianBeside(visit.technicianId, rows);
    if (technicianId === null) return false;
    const placement = { technicianId, planned: shifted(visit.planned, minutes * MINUTE_MS) };
    this.#ports.preview(jobId, placement);
    this.#pending = { jobId, placement };
    this.#restart();
    return true;
  }

  /** Sends where the visit rests now. */
  commit(): void {
    const pending = this.#take();
    if (!pending) return;
    this.#ports.revert(pending.jobId);
    this.#ports.commit(pending.jobId, pending.placement);
  }

  cancel(): boolean {
    const pending = this.#take();
    if (pending) this.#ports.revert(pending.jobId);
    return pending !== null;
  }

  #restart(): void {
    if (this.#handle !== null) this.#timer.clear(this.#handle);
    this.#handle = this.#timer.set(() => this.commit(), SETTLE_MS);
  }

  #take(): { jobId: string; placement: Placement } | null {
    if (this.#handle !== null) this.#timer.clear(this.#handle);
    this.#handle = null;
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }
}
