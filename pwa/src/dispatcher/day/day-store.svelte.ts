/** The day on screen: loading, live changes, and what the dispatcher does to it. */

import { Feed } from '../../api/feed.ts';
import type { ChangeEvent } from '../../api/types.ts';
import type { ConsoleApi, Region } from '../api/console-api.ts';
import { Coalescer } from './coalescer.ts';
import { DayModel, type Placement } from './day-model.ts';
import { Selection } from './selection.ts';
import { UndoStack } from './undo-stack.ts';
import type { Visit } from './visit.ts';
import { ZoneClock } from './zone-clock.ts';

/** Changes that arrive within this time are answered by one refetch. */
const REFETCH_AFTER_MS = 700;
const TICK_MS = 30_000;

export type Link = 'connecting' | 'live' | 'lost';

const ON_BOARD: ReadonlySet<string> = new Set(['job', 'plan', 'position', 'technician', 'place']);

export interface DayEvents {
  /** A plan or a run of this region changed. */
  onPlanning(change: ChangeEvent): void;
  onImport(): void;
}

export class DayStore {
  readonly model = new DayModel();
  readonly selection = new Selection();
  readonly undo = new UndoStack();
  readonly region: Region;
  readonly day: string;
  readonly clock: ZoneClock;
  /** Grows with every change of the model, so that lists drawn by Svelte follow it. */
  revision = $state(0);
  /** Grows with every word about an offer: made, asked, answered, over. */
  answers = $state(0);
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  link = $state<Link>('connecting');
  /** When what is shown was last true, epoch ms. */
  freshAtMs = $state(0);
  nowMs = $state(0);
  selectedJobId = $state<string | null>(null);
  selectedTechnicianId = $state<string | null>(null);
  readonly #api: ConsoleApi;
  readonly #events: DayEvents;
  readonly #feed: Feed;
  readonly #refetches: Coalescer<string>;
  #clockSkewMs = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(api: ConsoleApi, region: Region, day: string, events: DayEvents) {
    this.#api = api;
    this.#events = events;
    this.region = region;
    this.day = day;
    this.clock = new ZoneClock(region.zone);
    this.#refetches = new Coalescer<string>(
      () => this.#fetch(),
      REFETCH_AFTER_MS,
      () => {
        this.link = 'lost';
      },
    );
    this.#feed = new Feed({
      onChange: (change) => this.#onChange(change),
      onResync: () => this.#refetches.add('resync'),
      onOpen: () => {
        // What happened while the stream was down is fetched before "live" is said again.
        if (this.link === 'lost') this.#refetches.add('reopened');
        this.link = 'live';
      },
      onLost: () => {
        this.link = 'lost';
      },
    });
    this.model.subscribe(() => {
      this.revision += 1;
    });
    this.selection.subscribe(({ jobId, technicianId }) => {
      this.selectedJobId = jobId;
      this.selectedTechnicianId = technicianId;
    });
  }

  async open(): Promise<void> {
    this.phase = 'loading';
    this.error = null;
    try {
      await this.#fetch();
      this.phase = 'ready';
      this.#feed.open(this.model.board?.cursor ?? null);
      this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
    } catch (error) {
      this.error = error;
      this.phase = 'failed';
    }
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#refetches.close();
    this.#feed.close();
  }

  /** Asks for the board again soon, e.g. after a plan was published. */
  refresh(): void {
    this.#refetches.add('asked');
  }

  /** Reads the model in a way that a template follows its changes. */
  follow<T>(read: (model: DayModel) => T): T {
    void this.revision;
    return read(this.model);
  }

  visit(jobId: string | null): Visit | null {
    return this.model.visit(jobId);
  }

  /** Puts a job somewhere, at once on screen; takes it back when the server refuses, and raises why. */
  async place(jobId: string, to: Placement): Promise<void> {
    const before = this.model.visit(jobId);
    if (!before) return;
    const from: Placement = { technicianId: before.technicianId, planned: before.planned };
    await this.#send(jobId, to);
    this.undo.record({
      label: before.number,
      undo: () => this.#send(jobId, from),
      redo: () => this.#send(jobId, to),
    });
  }

  async #send(jobId: string, to: Placement): Promise<void> {
    const known = this.model.confirmed(jobId);
    if (!known) return;
    this.model.move(jobId, to);
    try {
      const { sheet } = await this.#ask(known, to);
      this.model.settle(jobId, sheet.version, sheet.status);
    } catch (error) {
      this.model.revert(jobId);
      this.refresh();
      throw error;
    }
    this.refresh();
  }

  #ask(known: Visit, to: Placement) {
    if (to.technicianId === null || !to.planned)
      return this.#api.act(known.jobId, 'unassign', known.version, {});
    return this.#api.act(known.jobId, 'assign', known.version, {
      technician_id: to.technicianId,
      start: new Date(to.planned.startMs).toISOString(),
    });
  }

  async #fetch(): Promise<void> {
    const board = await this.#api.board(this.region.id, this.day);
    this.#clockSkewMs = Date.parse(board.now) - Date.now();
    this.model.load(board);
    this.freshAtMs = Date.now();
    this.#tick();
  }

  #tick(): void {
    this.nowMs = Date.now() + this.#clockSkewMs;
  }

  #onChange(change: ChangeEvent): void {
    if (change.region_id !== null && change.region_id !== this.region.id) return;
    if (change.entity === 'plan' || change.entity === 'plan_run') this.#events.onPlanning(change);
    if (change.entity === 'import') this.#events.onImport();
    if (change.entity === 'offer') this.answers += 1;
    if (ON_BOARD.has(change.entity)) this.#refetches.add(change.entity);
  }
}
