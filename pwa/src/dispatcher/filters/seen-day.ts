/** A day through a lens: the rows it lets through, in groups, and the jobs that stand aside. */

import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { type Group, groupsOf } from '../grouping/groups.ts';
import type { HeadLayer, HeadWords } from '../grouping/head-layer.ts';
import { hasRow, passes } from './day-filter.ts';
import { isFiltering, type Lens } from './lens.ts';

export interface SeenPorts {
  /** Grows with every change of the day. */
  revision(): number;
  readonly words: HeadWords;
  readonly heads: HeadLayer;
}

type Lines = readonly (Technician | null)[];

export class SeenDay implements DaySource {
  readonly #day: DaySource;
  readonly #lens: Lens;
  readonly #ports: SeenPorts;
  readonly #heads: HeadLayer | null;
  readonly #folded: ReadonlySet<string>;
  readonly #isFiltering: boolean;
  #seenAt = -1;
  #technicians: readonly Technician[] = [];
  #lines: Lines = [];
  #groups: readonly Group[] = [];

  constructor(day: DaySource, lens: Lens, ports: SeenPorts) {
    this.#day = day;
    this.#lens = lens;
    this.#ports = ports;
    this.#folded = new Set(lens.folded);
    this.#isFiltering = isFiltering(lens);
    this.#heads = lens.group ? ports.heads : null;
  }

  get technicians(): readonly Technician[] {
    this.#look();
    return this.#technicians;
  }

  get lines(): Lines {
    this.#look();
    return this.#lines;
  }

  get heads(): HTMLElement | null {
    this.#look();
    return this.#heads?.element ?? null;
  }

  get groups(): readonly Group[] {
    this.#look();
    return this.#groups;
  }

  technician(id: string | null): Technician | null {
    return this.#day.technician(id);
  }

  visit(jobId: string | null): Visit | null {
    return this.#day.visit(jobId);
  }

  row(technicianId: string): readonly Visit[] {
    return this.#day.row(technicianId);
  }

  ghosts(technicianId: string): readonly Visit[] {
    return this.#day.ghosts(technicianId);
  }

  isTouched(jobId: string): boolean {
    return this.#day.isTouched(jobId);
  }

  isAside(jobId: string): boolean {
    const visit = this.#day.visit(jobId);
    return visit !== null && !this.shows(visit);
  }

  shows(visit: Visit): boolean {
    return !this.#isFiltering || passes(visit, this.#day.technician(visit.technicianId), this.#lens);
  }

  /** Works the lines out anew when the day has changed; the same lines stay the same list. */
  #look(): void {
    const revision = this.#ports.revision();
    if (revision === this.#seenAt) return;
    this.#seenAt = revision;
    const shown = this.#isFiltering
      ? this.#day.technicians.filter((one) => hasRow(one, this.#day.row(one.id), this.#lens))
      : this.#day.technicians;
    this.#groups = this.#lens.group ? groupsOf(this.#day, shown, this.#lens.group) : [];
    this.#heads?.draw(this.#groups, this.#folded, this.#ports.words);
    this.#technicians = this.#lens.group ? this.#groups.flatMap((group) => group.technicians) : shown;
    const lines = this.#lens.group ? this.#groups.flatMap((group) => this.#linesOf(group)) : shown;
    const isSame = lines.length === this.#lines.length && lines.every((line, at) => line === this.#lines[at]);
    if (!isSame) this.#lines = lines;
  }

  #linesOf(group: Group): Lines {
    return this.#folded.has(group.id) ? [null] : [null, ...group.technicians];
  }
}
