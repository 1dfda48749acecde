/** One region's day in memory: rows of visits, what changed, and moves shown before the server agrees. */

import type { DaySource } from './day-source.ts';
import { isSame } from './is-same.ts';
import { inSlices } from './slices.ts';
import {
  type Planned,
  positionFromWire,
  type Technician,
  technicianFromWire,
  type Visit,
  visitFromWire,
} from './visit.ts';
import type { WireBoard, WireRows, WireTechnician } from './wire.ts';

export interface Changes {
  /** Jobs whose bar must be drawn anew, or removed. */
  readonly jobs: ReadonlySet<string>;
  /** Technicians whose row must be drawn anew, because the order of visits in it changed. */
  readonly rows: ReadonlySet<string>;
  /** The list of technicians itself changed. */
  readonly technicians: boolean;
}

export interface Placement {
  readonly technicianId: string | null;
  readonly planned: Planned | null;
}

/** A whole day as the server told it. */
export type DayBoard = Omit<WireBoard, 'visits'> & { visits: Visit[] };

type Listener = (changes: Changes) => void;

export class DayModel implements DaySource {
  board: Omit<WireBoard, 'technicians' | 'visits'> | null = null;
  #technicians: Technician[] = [];
  #technicianById = new Map<string, Technician>();
  /** What was said last of each whole technician. */
  #told = new Map<string, WireTechnician>();
  #visits = new Map<string, Visit>();
  #rows = new Map<string, Visit[]>();
  /** Moves waiting for the server; they win over what a refetch says until it answers. */
  readonly #pending = new Map<string, Placement>();
  readonly #listeners = new Set<Listener>();

  get technicians(): readonly Technician[] {
    return this.#technicians;
  }

  technician(id: string | null): Technician | null {
    return id === null ? null : (this.#technicianById.get(id) ?? null);
  }

  visit(jobId: string | null): Visit | null {
    if (jobId === null) return null;
    const visit = this.#visits.get(jobId);
    return visit ? this.#shown(visit) : null;
  }

  /** The visit as the server last said, without a move that is still on its way. */
  confirmed(jobId: string): Visit | null {
    return this.#visits.get(jobId) ?? null;
  }

  visits(): Visit[] {
    const all = [...this.#visits.values()];
    return this.#pending.size === 0 ? all : all.map((visit) => this.#shown(visit));
  }

  /** A technician's visits in order of time. */
  row(technicianId: string): readonly Visit[] {
    const known = this.#rows.get(technicianId);
    if (known) return known;
    this.#fillRows(technicianId);
    return this.#rows.get(technicianId) ?? [];
  }

  ghosts(): readonly Visit[] {
    return [];
  }

  isTouched(): boolean {
    return false;
  }

  unassigned(): Visit[] {
    return this.visits().filter((visit) => visit.technicianId === null && visit.status !== 'cancelled');
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The same board with the visits that are known already in place of those that say the same: taking it in compares
   * nothing more. They are compared a few hundred at a time.
   */
  async withKnown(board: DayBoard, between: () => Promise<void>): Promise<DayBoard> {
    await between();
    const visits = await inSlices(board.visits, between, (visit) => {
      const known = this.#visits.get(visit.jobId);
      return known && isSame(known, visit) ? known : visit;
    });
    await between();
    return { ...board, visits };
  }

  /** Takes a whole board in and tells what differs from before, so that only that is drawn again. */
  load({ technicians, visits, ...board }: DayBoard): Changes {
    this.board = board;
    const changed = this.#takeIn(visits, () => true, this.#loadTechnicians(technicians));
    this.#emit(changed);
    return changed;
  }

  /**
   * Takes a part of the day in: `asked` jobs and the whole days of technicians who are `asked` for or have one of
   * the jobs. What belongs to that part and is not in it any more has left the day.
   */
  merge(part: WireRows, asked: { jobIds: ReadonlySet<string>; technicianIds: ReadonlySet<string> }): Changes {
    const visits = [...part.visits, ...part.unassigned].map(visitFromWire);
    const whole = new Set(asked.technicianIds);
    for (const { jobId, technicianId } of visits)
      if (technicianId && asked.jobIds.has(jobId)) whole.add(technicianId);
    const belongs = ({ jobId, technicianId }: Visit): boolean =>
      asked.jobIds.has(jobId) || (technicianId !== null && whole.has(technicianId));
    for (const { technician_id, position } of part.positions) this.#locate(technician_id, position);
    const changed = this.#takeIn(visits, belongs, false);
    this.#emit(changed);
    return changed;
  }

  #takeIn(visits: readonly Visit[], belongs: (visit: Visit) => boolean, technicians: boolean): Changes {
    const jobs = new Set<string>();
    const rows = new Set<string>();
    const there = new Set<string>();
    for (const visit of visits) {
      there.add(visit.jobId);
      const old = this.#visits.get(visit.jobId);
      // Two replies may cross: what was asked for earlier says nothing new of a job that has moved on since.
      if (old && (visit.version < old.version || isSame(old, visit))) continue;
      this.#visits.set(visit.jobId, visit);
      touch(jobs, rows, visit, old);
    }
    for (const [jobId, old] of this.#visits) {
      if (there.has(jobId) || !belongs(old)) continue;
      this.#visits.delete(jobId);
      touch(jobs, rows, old);
    }
    return { jobs, rows, technicians };
  }

  /** Someone moves: the map follows, and no row of the board is drawn for it. */
  #locate(technicianId: string, position: WireTechnician['position']): void {
    const known = this.#technicianById.get(technicianId);
    if (!known) return;
    const moved = { ...known, position: positionFromWire(position) };
    this.#told.delete(technicianId);
    this.#technicianById.set(technicianId, moved);
    this.#technicians = this.#technicians.map((each) => (each === known ? moved : each));
  }

  /** Shows a move at once; `settle` or `revert` ends it when the server has answered. */
  move(jobId: string, placement: Placement): void {
    const before = this.visit(jobId);
    if (!before) return;
    this.#pending.set(jobId, placement);
    this.#changedPlace(before, this.visit(jobId) ?? before);
  }

  isPending(jobId: string): boolean {
    return this.#pending.has(jobId);
  }

  revert(jobId: string): void {
    const before = this.visit(jobId);
    if (!before || !this.#pending.delete(jobId)) return;
    this.#changedPlace(before, this.visit(jobId) ?? before);
  }

  /** The server took the move: what it was asked for becomes what is known, until the next refetch. */
  settle(jobId: string, version: number, status: string): void {
    const shown = this.visit(jobId);
    this.#pending.delete(jobId);
    if (!shown) return;
    this.#visits.set(jobId, { ...shown, version, status, reason: null });
    this.#changedPlace(shown, shown);
  }

  #loadTechnicians(told: readonly WireTechnician[]): boolean {
    const before = this.#technicians;
    this.#technicians = told.map((wire) => this.#technicianFrom(wire));
    this.#technicianById = new Map(this.#technicians.map((t) => [t.id, t]));
    this.#told = new Map(told.map((wire) => [wire.id, wire]));
    const isAsBefore = (now: Technician, at: number): boolean => {
      const old = before[at];
      return now === old || (old !== undefined && isSame(rowIdentity(now), rowIdentity(old)));
    };
    return before.length !== told.length || !this.#technicians.every(isAsBefore);
  }

  /** Of whom the same is told as before, that is who is known: what was drawn of them stays. */
  #technicianFrom(wire: WireTechnician): Technician {
    const known = this.#technicianById.get(wire.id);
    return known && isSame(this.#told.get(wire.id), wire) ? known : technicianFromWire(wire);
  }

  /** All rows that are missing, in one pass: a row at a time would read every visit once per technician. */
  #fillRows(askedId: string): void {
    const missing = new Map<string, Visit[]>([[askedId, []]]);
    for (const { id } of this.#technicians) if (!this.#rows.has(id)) missing.set(id, []);
    for (const confirmed of this.#visits.values()) {
      const visit = this.#shown(confirmed);
      if (visit.technicianId && visit.planned) missing.get(visit.technicianId)?.push(visit);
    }
    for (const [id, row] of missing) this.#rows.set(id, row.sort(byStart));
  }

  #shown(visit: Visit): Visit {
    const placement = this.#pending.get(visit.jobId);
    return placement ? { ...visit, ...placement } : visit;
  }

  #changedPlace(before: Visit, after: Visit): void {
    const rows = new Set<string>();
    for (const { technicianId } of [before, after]) if (technicianId) rows.add(technicianId);
    this.#emit({ jobs: new Set([after.jobId]), rows, technicians: false });
  }

  #emit(changes: Changes): void {
    if (changes.technicians) this.#rows.clear();
    for (const id of changes.rows) this.#rows.delete(id);
    for (const listener of this.#listeners) listener(changes);
  }
}

const byStart = (a: Visit, b: Visit): number => (a.planned?.startMs ?? 0) - (b.planned?.startMs ?? 0);

const rowIdentity = (t: Technician): unknown[] => [t.id, t.name, t.vendorName, t.shift, t.pause];

function touch(jobs: Set<string>, rows: Set<string>, visit: Visit, old?: Visit): void {
  jobs.add(visit.jobId);
  for (const id of [visit.technicianId, old?.technicianId]) if (id) rows.add(id);
}
