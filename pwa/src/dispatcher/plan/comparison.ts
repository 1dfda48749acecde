/** A draft beside the current plan: what it does to the money and to each visit. */

import type { Placement } from '../day/day-model.ts';
import type { Plan } from './wire.ts';

export interface CostRow {
  readonly component: string;
  readonly beforeFen: number;
  readonly afterFen: number;
  readonly savedFen: number;
}

const TOTAL = 'total';

/** Components that cost something in either plan, dearest first; the total apart. */
export function costRows(plan: Plan): { rows: CostRow[]; total: CostRow | null } {
  const cost = plan.against_current?.cost ?? {};
  const rows = Object.entries(cost).map(([component, { before, after }]) => ({
    component,
    beforeFen: before,
    afterFen: after,
    savedFen: before - after,
  }));
  const components = rows
    .filter((row) => row.component !== TOTAL && (row.beforeFen !== 0 || row.afterFen !== 0))
    .sort((a, b) => Math.max(b.beforeFen, b.afterFen) - Math.max(a.beforeFen, a.afterFen));
  return { rows: components, total: rows.find((row) => row.component === TOTAL) ?? null };
}

export interface Headline {
  readonly moved: number;
  readonly promisesMoved: number;
  readonly added: number;
  readonly removed: number;
  readonly unserved: number;
}

export function headline(plan: Plan): Headline {
  const against = plan.against_current;
  return {
    moved: against?.moved.length ?? 0,
    promisesMoved: against?.moved.filter((move) => move.promise_moved).length ?? 0,
    added: against?.added.length ?? 0,
    removed: against?.removed.length ?? 0,
    unserved: plan.unserved.length,
  };
}

/** Where the draft puts each job; a job it leaves out is placed nowhere. */
export function draftPlacements(plan: Plan): Map<string, Placement> {
  const placements = new Map<string, Placement>();
  for (const { job_id } of plan.unserved) placements.set(job_id, { technicianId: null, planned: null });
  for (const { job_id } of plan.against_current?.removed ?? []) {
    placements.set(job_id, { technicianId: null, planned: null });
  }
  for (const visit of plan.visits) {
    const planned = {
      arriveMs: Date.parse(visit.arrive),
      startMs: Date.parse(visit.start),
      endMs: Date.parse(visit.end),
      travelS: visit.travel_s,
      travelM: visit.travel_m,
    };
    placements.set(visit.job_id, { technicianId: visit.technician_id, planned });
  }
  return placements;
}

/** The jobs a draft would touch, so that the board can set them off from the rest. */
export function touchedJobs(plan: Plan): Set<string> {
  const against = plan.against_current;
  if (!against) return new Set();
  return new Set([...against.moved, ...against.added, ...against.removed].map((change) => change.job_id));
}
