/** The day as a draft would make it, over the day as it is. */

import type { DayModel, Placement } from '../day/day-model.ts';
import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { draftPlacements, touchedJobs } from './comparison.ts';
import type { Plan } from './wire.ts';

export class DraftDay implements DaySource {
  readonly #day: DayModel;
  readonly #placements: ReadonlyMap<string, Placement>;
  readonly #touched: ReadonlySet<string>;
  #rows: Map<string, Visit[]> | null = null;

  constructor(day: DayModel, plan: Plan) {
    this.#day = day;
    this.#placements = draftPlacements(plan);
    this.#touched = touchedJobs(plan);
  }

  get technicians(): readonly Technician[] {
    return this.#day.technicians;
  }

  technician(id: string | null): Technician | null {
    return this.#day.technician(id);
  }

  visit(jobId: string | null): Visit | null {
    const visit = this.#day.visit(jobId);
    return visit ? this.#drafted(visit) : null;
  }

  row(technicianId: string): readonly Visit[] {
    this.#rows ??= this.#fillRows();
    return this.#rows.get(technicianId) ?? [];
  }

  /** The day beneath has changed: rows are worked out anew when next asked for. */
  refresh(): void {
    this.#rows = null;
  }

  ghosts(technicianId: string): readonly Visit[] {
    return this.#day.row(technicianId).filter((visit) => this.#touched.has(visit.jobId));
  }

  isTouched(jobId: string): boolean {
    return this.#touched.has(jobId);
  }

  #fillRows(): Map<string, Visit[]> {
    const rows = new Map<string, Visit[]>();
    for (const confirmed of this.#day.visits()) {
      const visit = this.#drafted(confirmed);
      if (!visit.technicianId || !visit.planned) continue;
      const row = rows.get(visit.technicianId);
      if (row) row.push(visit);
      else rows.set(visit.technicianId, [visit]);
    }
    for (const row of rows.values())
      row.sort((a, b) => (a.planned?.startMs ?? 0) - (b.planned?.startMs ?? 0));
    return rows;
  }

  #drafted(visit: Visit): Visit {
    const placement = this.#placements.get(visit.jobId);
    return placement ? { ...visit, ...placement } : visit;
  }
}
