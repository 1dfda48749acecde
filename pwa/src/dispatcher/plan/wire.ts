/** Shapes of plan runs and plans as the server sends them. */

import type { components } from '../../api/schema';
import type { WireReason } from '../day/wire.ts';

export type Objective = components['schemas']['ObjectiveRead'];
export type Prices = Objective['prices'];

export type RunState = 'queued' | 'running' | 'cancelling' | 'done' | 'failed';

export interface PlanRun {
  id: string;
  region_id: string;
  day: string;
  state: RunState;
  progress: {
    elapsed_s: number;
    best_cost_fen: number | null;
    served: number | null;
    unserved: number | null;
    curve: [number, number][];
  } | null;
  plan_id: string | null;
  error: string | null;
  requested_by: string | null;
}

export interface PlanVisit {
  job_id: string;
  technician_id: string;
  arrive: string;
  start: string;
  end: string;
  travel_s: number;
  travel_m: number;
  seq: number;
}

export interface PlaceInPlan {
  technician_id: string | null;
  start: string | null;
}

export interface PlanMove {
  job_id: string;
  number: string;
  from: PlaceInPlan;
  to: PlaceInPlan;
  promise_moved: boolean;
}

export interface PlanChange {
  job_id: string;
  number: string;
  [extra: string]: unknown;
}

export interface Plan {
  id: string;
  state: 'draft' | 'published' | 'superseded' | 'dropped';
  cost: Record<string, number>;
  visits: PlanVisit[];
  unserved: { job_id: string; reason: WireReason | null }[];
  against_current: {
    cost: Record<string, { before: number; after: number }>;
    moved: PlanMove[];
    added: PlanChange[];
    removed: PlanChange[];
  } | null;
  run_id: string | null;
  /** What people changed since the search began; it stands. */
  changed_since: StaleChange[];
  /** What people changed and the draft has taken in. */
  merged: StaleChange[];
  objective: Objective;
  created_by: string | null;
  created_at: string;
}

/** What a run may change; missing or empty: everything. */
export interface PlanScope {
  only_unassigned?: boolean;
  technician_ids?: string[];
  communities?: string[];
  earlier_plan_id?: string;
}

/** What is asked for: how long, what may change, and what weighs how much. */
export interface RunWish {
  seconds: number;
  scope?: PlanScope;
  objective?: string;
}

export interface PlanSummary {
  objective: Objective;
  id: string;
  state: Plan['state'];
  cost: Record<string, number>;
  scope: PlanScope | null;
  created_at: string;
  created_by: string | null;
  published_at: string | null;
  published_by: string | null;
}

/** A 409 `plan_stale` names what changed since the run began. */
export interface StaleChange {
  /** Null where a technician changed; `number` is then their name. */
  job_id: string | null;
  technician_id?: string | null;
  number: string;
  what: string;
  /** Whose change it was, where that is known. */
  by?: string;
}
