/** Optimising a day: the run, its draft, and publishing or dropping it as a whole. */

import { ApiError } from '../../api/problem.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import type { DayStore } from '../day/day-store.svelte.ts';
import { DraftDay } from './draft-day.ts';
import type { Plan, PlanRun, RunWish, StaleChange } from './wire.ts';

/** How often a run is asked for its progress; the feed only says that it ended. */
const POLL_MS = 600;
/** How long changes of the day gather before the draft is held against it. */
const CHECK_AFTER_MS = 1_500;

const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'running', 'cancelling']);

export const isUnderWay = (run: PlanRun | null): boolean => run !== null && UNDER_WAY.has(run.state);

export class Planning {
  run = $state.raw<PlanRun | null>(null);
  draft = $state.raw<Plan | null>(null);
  draftDay = $state.raw<DraftDay | null>(null);
  /** Whether the board shows the draft rather than the plan in force. */
  isShowingDraft = $state(false);
  stale = $state.raw<StaleChange[] | null>(null);
  busy = $state<'starting' | 'publishing' | 'dropping' | null>(null);
  error = $state.raw<unknown>(null);
  readonly #api: ConsoleApi;
  readonly #store: DayStore;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** Drafts published or dropped here: what was read of one before that is not shown any more. */
  #over = new Set<string>();

  constructor(api: ConsoleApi, store: DayStore) {
    this.#api = api;
    this.#store = store;
    store.model.subscribe((changes) => {
      this.draftDay?.refresh();
      if (this.draft && changes.jobs.size > 0) this.#checkSoon();
    });
  }

  /** Finds a draft somebody left open for this day. */
  async open(): Promise<void> {
    const { region, day } = this.#store;
    const plans = await this.#api.plans(region.id, day);
    const draft = plans.find((plan) => plan.state === 'draft');
    if (draft) await this.show(draft.id);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#checking);
  }

  /** Whether the draft still stands on the day as it is, asked once for many changes. */
  #checkSoon(): void {
    this.#checking ??= setTimeout(() => {
      this.#checking = undefined;
      void this.#check().catch(() => undefined); // publishing asks again, and then it counts
    }, CHECK_AFTER_MS);
  }

  async #check(): Promise<void> {
    const { draft } = this;
    if (!draft || this.#isClosed) return;
    const plan = await this.#merged(await this.#api.plan(draft.id));
    if (this.draft?.id !== draft.id) return;
    if (plan.state !== 'draft') this.#forget();
    else if (plan.merged.length !== draft.merged.length || plan.changed_since.length > 0) this.#take(plan);
  }

  /** A person's change wins over the search: the draft makes room for it, or the change is named as it stands. */
  async #merged(plan: Plan): Promise<Plan> {
    if (plan.state !== 'draft' || plan.changed_since.length === 0) return plan;
    try {
      return await this.#api.mergePlan(plan.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return plan;
    }
  }

  #take(plan: Plan): void {
    this.draft = plan;
    this.stale = plan.changed_since.length > 0 ? plan.changed_since : null;
    this.draftDay = new DraftDay(this.#store.model, plan);
  }

  async start(wish: RunWish): Promise<void> {
    await this.#guard('starting', async () => {
      this.stale = null;
      this.draft = null;
      this.draftDay = null;
      this.isShowingDraft = false;
      this.run = await this.#api.startRun(this.#store.region.id, this.#store.day, wish);
      this.#watch();
    });
  }

  async cancel(): Promise<void> {
    if (this.run) this.run = await this.#api.cancelRun(this.run.id);
    this.#watch();
  }

  /** A run of this day was started elsewhere, or ended. */
  async follow(runId: string): Promise<void> {
    if (this.run?.id === runId && isUnderWay(this.run)) return;
    const run = await this.#api.run(runId);
    if (run.day !== this.#store.day || run.region_id !== this.#store.region.id) return;
    if (isUnderWay(run)) {
      this.run = run;
      this.#watch();
    }
  }

  async show(planId: string): Promise<void> {
    const plan = await this.#merged(await this.#api.plan(planId));
    if (this.#isClosed || plan.state !== 'draft' || this.#over.has(planId)) return;
    // Its end is told by the run and by the plan: who has gone back to the day meanwhile stays there.
    const isNew = this.draft?.id !== planId;
    this.#take(plan);
    if (isNew) this.isShowingDraft = true;
  }

  /** False when people's changes came in between: they are in the draft now, or named. */
  async publish(): Promise<boolean> {
    const plan = this.draft;
    if (!plan) return false;
    return this.#guard('publishing', async () => {
      try {
        await this.#api.publish(plan.id);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'plan_stale') throw error;
        this.stale = (error.problem.changes as StaleChange[] | undefined) ?? [];
        this.#store.refresh();
        await this.show(plan.id);
        this.isShowingDraft = this.draft !== null; // looked at again before it is published
        return false;
      }
      this.#over.add(plan.id);
      this.#forget();
      this.#store.undo.clear();
      this.#store.refresh();
      return true;
    });
  }

  async drop(): Promise<boolean> {
    const plan = this.draft;
    if (!plan) return false;
    return this.#guard('dropping', async () => {
      await this.#api.drop(plan.id);
      this.#over.add(plan.id);
      this.#forget();
      return true;
    });
  }

  #forget(): void {
    this.draft = null;
    this.draftDay = null;
    this.run = null;
    this.stale = null;
    this.isShowingDraft = false;
  }

  async #guard<T>(busy: 'starting' | 'publishing' | 'dropping', work: () => Promise<T>): Promise<T> {
    this.busy = busy;
    this.error = null;
    try {
      return await work();
    } catch (error) {
      this.error = error;
      throw error;
    } finally {
      this.busy = null;
    }
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
  }

  async #poll(): Promise<void> {
    if (!this.run || !isUnderWay(this.run)) return;
    try {
      this.run = await this.#api.run(this.run.id);
    } catch (error) {
      this.error = error; // shown beside the last known progress; the next poll may succeed
      this.#watch();
      return;
    }
    this.error = null;
    if (isUnderWay(this.run)) this.#watch();
    else if (this.run.plan_id) await this.#showResult(this.run.plan_id);
  }

  async #showResult(planId: string): Promise<void> {
    try {
      await this.show(planId);
    } catch (error) {
      this.error = error;
    }
  }
}
