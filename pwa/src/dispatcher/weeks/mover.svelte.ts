/** Moving a visit through the week: picked up, held over a cell, put down; by pointer and by keyboard alike. */

import { ApiError } from '../../api/problem.ts';
import { browserTimer, type Timer } from '../day/coalescer.ts';
import { MovedOnError } from '../day/hand-work.ts';
import type { UndoStack } from '../day/undo-stack.ts';
import type { Carried } from './carried.ts';
import type { Answer, Cell, Verdict } from './verdict.ts';
import { asMove, backAsMove, type Move, type Moved, type Opening, type Openings } from './wire.ts';

export interface MoverPorts {
  /** Where the visit could go that day; with a technician, also what it would change. */
  ask(jobId: string, day: string, technicianId: string | null): Promise<Openings>;
  send(jobId: string, move: Move): Promise<Moved>;
  judge(carried: Carried, cell: Cell, answer: Answer | undefined, choice: number | null): Verdict;
  /** What the step is called when it is undone. */
  label(carried: Carried, cell: Cell): string;
  readonly undo: Pick<UndoStack, 'recordAfter'>;
  /** Something of the week is other than it was. */
  changed(moved: Moved): void;
}

/** The place went to somebody else, or was lost, between looking and putting down. */
export class PlaceGoneError extends Error {}

/** A day is asked about once somebody rests on it, and one technician's a little later. */
export const ASK_DAY_MS = 150;
export const ASK_PERSON_MS = 500;

const keyOf = (day: string, technicianId: string | null): string => `${day} ${technicianId ?? ''}`;

export class WeekMover {
  carried = $state.raw<Carried | null>(null);
  over = $state.raw<Cell | null>(null);
  /** Which of the openings of the cell was chosen. */
  choice = $state<number | null>(null);
  isSending = $state(false);
  #answers = $state.raw<ReadonlyMap<string, Answer>>(new Map());
  readonly #ports: MoverPorts;
  readonly #timer: Timer;
  readonly #asked = new Map<string, Promise<void>>();
  #waiting: unknown[] = [];

  constructor(ports: MoverPorts, timer: Timer = browserTimer) {
    this.#ports = ports;
    this.#timer = timer;
  }

  lift(carried: Carried): void {
    this.cancel();
    this.carried = carried;
  }

  cancel(): void {
    this.#clearTimers();
    this.carried = this.over = this.choice = null;
    this.#answers = new Map();
    this.#asked.clear();
  }

  /** Holds the visit over a cell; what has to be asked is asked once it rests there. */
  hover(cell: Cell | null): void {
    const { carried, over } = this;
    if (!carried || this.isSending || (over?.day === cell?.day && over?.technicianId === cell?.technicianId))
      return;
    this.#clearTimers();
    this.over = cell;
    this.choice = null;
    if (!cell || this.verdict(cell)?.kind === 'refused' || cell.technicianId === null) return;
    this.#later(ASK_DAY_MS, () => void this.#answer(carried, cell.day, null));
    this.#later(ASK_PERSON_MS, () => void this.#answer(carried, cell.day, cell.technicianId));
  }

  choose(index: number): void {
    this.choice = index;
  }

  verdict(cell: Cell): Verdict | null {
    if (!this.carried) return null;
    const isOver = cell.day === this.over?.day && cell.technicianId === this.over.technicianId;
    const answer = this.#answers.get(keyOf(cell.day, null));
    return this.#ports.judge(this.carried, cell, answer, isOver ? this.choice : null);
  }

  /** How many announced visits of others would come at another time; null while that is not known. */
  promisesMoved(cell: Cell, chosen: Opening): number | null {
    const answer = this.#answers.get(keyOf(cell.day, cell.technicianId));
    return answer && typeof answer !== 'string' ? (sameWindow(answer, chosen)?.promises_moved ?? null) : null;
  }

  /** Puts the visit into the cell it is held over; false where it cannot go there, which the verdict says. */
  async drop(): Promise<boolean> {
    const { carried, over } = this;
    if (!carried || !over || this.isSending) return false;
    this.isSending = true;
    try {
      const move = await this.#moveTo(carried, over);
      if (!move) return false;
      await this.#send(carried.jobId, move, this.#ports.label(carried, over));
      this.cancel();
      return true;
    } finally {
      this.isSending = false;
    }
  }

  async #moveTo(carried: Carried, cell: Cell): Promise<Move | null> {
    if (cell.technicianId !== null) await this.#answer(carried, cell.day, null);
    const verdict = this.verdict(cell);
    if (verdict?.kind === 'nobody') {
      const { startMs, endMs } = verdict.window;
      return { version: carried.version, window_start: iso(startMs), window_end: iso(endMs), changes: [] };
    }
    if (verdict?.kind !== 'fits') return null;
    const answer = await this.#ports.ask(carried.jobId, cell.day, cell.technicianId);
    const exact = sameWindow(answer, verdict.chosen);
    if (!exact) throw new PlaceGoneError();
    return asMove(answer.version, exact);
  }

  /** The reply to a move is the move that undoes it, so taking back and doing again are the same. */
  async #send(jobId: string, move: Move, label: string): Promise<void> {
    let next = move;
    const turn = async (): Promise<void> => {
      try {
        const moved = await this.#ports.send(jobId, next);
        next = backAsMove(moved);
        this.#ports.changed(moved);
      } catch (error) {
        throw movedOn(error);
      }
    };
    await this.#ports.undo.recordAfter(turn(), { label, undo: turn, redo: turn });
  }

  #answer(carried: Carried, day: string, technicianId: string | null): Promise<void> {
    const key = keyOf(day, technicianId);
    const asked = this.#asked.get(key) ?? this.#ask(carried, day, technicianId);
    this.#asked.set(key, asked);
    return asked;
  }

  async #ask({ jobId }: Carried, day: string, technicianId: string | null): Promise<void> {
    const key = keyOf(day, technicianId);
    const keep = (answer: Answer): void => {
      if (this.carried?.jobId === jobId) this.#answers = new Map(this.#answers).set(key, answer);
    };
    keep('asking');
    try {
      keep(await this.#ports.ask(jobId, day, technicianId));
    } catch {
      // It says so in the cell; resting there again asks again.
      keep('failed');
      this.#asked.delete(key);
    }
  }

  #later(ms: number, work: () => void): void {
    this.#waiting.push(this.#timer.set(work, ms));
  }

  #clearTimers(): void {
    for (const handle of this.#waiting) this.#timer.clear(handle);
    this.#waiting = [];
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Two windows may begin together. */
const sameWindow = (
  answer: Openings,
  { technician_id, window: { start, end } }: Opening,
): Opening | undefined =>
  answer.openings.find(
    ({ technician_id: who, window }) => who === technician_id && window.start === start && window.end === end,
  );

function movedOn(error: unknown): unknown {
  const numbers = error instanceof ApiError && error.code === 'stale' ? error.problem.numbers : null;
  return Array.isArray(numbers) ? new MovedOnError(numbers as string[]) : error;
}
