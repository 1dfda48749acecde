/** The day on screen: loading, live changes, and what the dispatcher does to it. */

import { Feed } from '../../api/feed.ts';
import type { ChangeEvent } from '../../api/types.ts';
import type { ConsoleApi, Region } from '../api/console-api.ts';
import { Picks } from '../bulk/picks.svelte.ts';
import type { Trouble } from '../exceptions/troubles.ts';
import { troublesOf } from '../exceptions/troubles.ts';
import type { JobRead } from '../job/wire.ts';
import { Coalescer } from './coalescer.ts';
import { DayModel, type Placement } from './day-model.ts';
import { HandWork } from './hand-work.ts';
import { tallyOf } from './lists.ts';
import { LiveRows } from './live-rows.ts';
import { Selection } from './selection.ts';
import { UndoStack } from './undo-stack.ts';
import type { Visit } from './visit.ts';
import { ZoneClock } from './zone-clock.ts';

/** Changes that arrive within this time are answered by one refetch. */
const REFETCH_AFTER_MS = 700;
/** Exceptions are worked out over the whole day, so many changes share one look. */
const TROUBLES_AFTER_MS = 2500;
const TICK_MS = 30_000;
/** Some things go wrong by nothing happening, so the day is looked at again even when all is quiet. */
const LOOK_AGAIN_MS = 60_000;

const nextTask = (): Promise<void> => new Promise((done) => setTimeout(done));

export type Link = 'connecting' | 'live' | 'lost';

const ON_BOARD: ReadonlySet<string> = new Set(['job', 'plan', 'position', 'technician', 'place']);

export interface DayEvents {
  /** A plan or a run of this region changed. */
  onPlanning(change: ChangeEvent): void;
  onImport(): void;
  /** Somebody came to this day, left it, or opened another job. */
  onPresence(): void;
}

export class DayStore {
  readonly model = new DayModel();
  readonly selection = new Selection();
  readonly undo = new UndoStack();
  /** Jobs chosen together. */
  readonly picks = new Picks();
  /** What the dispatcher does by hand, each step of it undoable. */
  readonly hand: HandWork;
  readonly region: Region;
  readonly day: string;
  readonly clock: ZoneClock;
  /** Grows with every change of the model, so that lists drawn by Svelte follow it. */
  revision = $state(0);
  /** What has gone wrong, the gravest first. */
  troubles = $state.raw<Trouble[]>([]);
  /** Whether it has been looked for what went wrong, which decides what the list begins with. */
  isLookedOver = $state(false);
  /** What a filter lets through; null where none is set. */
  sift = $state.raw<((visit: Visit) => boolean) | null>(null);
  /** How long each list is, of what the filter lets through. */
  readonly tally = $derived.by(() => this.follow((model) => tallyOf(model.visits(), this.sift)));
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
  /** Everything that is known of a job, asked for anew. */
  readonly job = (jobId: string): Promise<JobRead> => this.#api.job(jobId);
  readonly #api: ConsoleApi;
  readonly #events: DayEvents;
  readonly #feed: Feed;
  readonly #refetches: Coalescer<string>;
  readonly #troubled: Coalescer<string>;
  readonly #rows: LiveRows;
  #clockSkewMs = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #looker: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(api: ConsoleApi, region: Region, day: string, events: DayEvents) {
    this.#api = api;
    this.#events = events;
    this.region = region;
    this.day = day;
    this.clock = new ZoneClock(region.zone);
    this.hand = new HandWork(api, this);
    this.#refetches = new Coalescer<string>(
      () => this.#fetch(),
      REFETCH_AFTER_MS,
      () => {
        this.link = 'lost';
      },
    );
    this.#troubled = new Coalescer<string>(
      async () => this.#lookFor(await this.#api.exceptions(this.region.id, this.day)),
      TROUBLES_AFTER_MS,
      () => this.#refetches.add('troubles'),
    );
    this.#rows = new LiveRows({
      model: this.model,
      ask: (jobIds, technicianIds) => this.#api.boardRows(this.region.id, this.day, jobIds, technicianIds),
      onMuch: () => this.#refetches.add('much'),
    });
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
      // Who left before the day came must not leave a live stream behind: a browser has six connections in all.
      if (this.#isClosed) return;
      this.phase = 'ready';
      this.#feed.open(this.model.board?.cursor ?? null);
      this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
      this.#looker ??= setInterval(() => this.refresh(), LOOK_AGAIN_MS);
    } catch (error) {
      this.error = error;
      this.phase = 'failed';
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    clearInterval(this.#looker);
    this.#refetches.close();
    this.#troubled.close();
    this.#rows.close();
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

  /** Those of some visits that the filter lets through. */
  sifted(visits: Visit[]): Visit[] {
    return this.sift ? visits.filter(this.sift) : visits;
  }

  /** Of what has gone wrong, that which the filter lets through. */
  get siftedTroubles(): readonly Trouble[] {
    void this.revision;
    const { sift } = this;
    const shows = (jobId: string): boolean => {
      const visit = this.visit(jobId);
      return visit === null || (sift?.(visit) ?? true);
    };
    return sift ? this.troubles.filter(({ jobIds }) => jobIds.some(shows)) : this.troubles;
  }

  visit(jobId: string | null): Visit | null {
    return this.model.visit(jobId);
  }

  /** Puts a job somewhere, at once on screen; takes it back when the server refuses, and raises why. */
  place(jobId: string, to: Placement): Promise<void> {
    return this.hand.place(jobId, to);
  }

  /** Shows what an exception is about: the job, or the technician who is not there. */
  chooseTrouble({ kinds, jobIds, technicianId }: Trouble): void {
    const [jobId] = jobIds;
    if (kinds[0] === 'off_duty' && technicianId) this.selection.technician(technicianId, 'list');
    else if (jobId) this.selection.job(jobId, technicianId, 'list');
  }

  /** Whether an exception is about what is selected. */
  isChosen({ kinds, jobIds, technicianId }: Trouble): boolean {
    return kinds[0] === 'off_duty'
      ? this.selectedJobId === null && this.selectedTechnicianId === technicianId
      : this.selectedJobId === jobIds[0];
  }

  async #fetch(): Promise<void> {
    // Who waits for the day has it in one task; who works with it already is let in between. It is shown as a whole.
    const between = this.phase === 'ready' ? nextTask : undefined;
    const told = await this.#api.board(this.region.id, this.day, between);
    const board = between ? await this.model.withKnown(told, between) : told;
    this.#clockSkewMs = Date.parse(board.now) - Date.now();
    this.model.load(board);
    this.freshAtMs = Date.now();
    this.#tick();
    this.phase = 'ready';
    this.#lookFor(await this.#api.exceptions(this.region.id, this.day));
  }

  #lookFor(exceptions: Parameters<typeof troublesOf>[0]): void {
    this.troubles = troublesOf(exceptions);
    this.isLookedOver = true;
  }

  #tick(): void {
    this.nowMs = Date.now() + this.#clockSkewMs;
  }

  #onChange(change: ChangeEvent): void {
    if (change.region_id !== null && change.region_id !== this.region.id) return;
    if (change.entity === 'plan' || change.entity === 'plan_run') this.#events.onPlanning(change);
    if (change.entity === 'import') this.#events.onImport();
    if (change.entity === 'presence') this.#events.onPresence();
    if (change.entity === 'offer') this.answers += 1;
    if (!ON_BOARD.has(change.entity)) return;
    if (!this.#rows.take(change)) this.#refetches.add(change.entity);
    else if (change.entity === 'job') this.#troubled.add(change.id);
  }
}
