import { Feed } from '../../api/feed.ts';
import type { OffersApi } from '../../api/offers.ts';
import type { ExtraWork, JobSheet, Me, SessionUser, VanPart } from '../../api/types.ts';
import type { ExportedWork } from '../../sync/export.ts';
import { exportWork } from '../../sync/export.ts';
import type { Command, Operation } from '../../sync/operation.ts';
import { type FileToSend, Outbox } from '../../sync/outbox.ts';
import type { JobRow, Quarantined, SyncStore, TimedPosition, Transport } from '../../sync/ports.ts';
import { readQueue } from '../../sync/queue.ts';
import { SyncLoop, type SyncState } from '../../sync/sync-loop.ts';
import { AskedJobs } from '../asked/asked-jobs.svelte.ts';
import { inDrivingOrder } from '../day/day-order.ts';
import { LocationSharing } from '../location/location-sharing.svelte.ts';
import { mayBeLocated } from '../location/may-be-located.ts';
import { vanNow } from '../parts/van-stock.ts';
import {
  browserClock,
  browserHasher,
  browserIds,
  browserLocks,
  browserNetwork,
  uuid,
} from '../platform/browser-ports.ts';
import { closeAlert, offerTopic } from '../push/alerts.ts';
import { Latest } from './latest.ts';

const TICK_MS = 20_000;
const REFRESH_MS = 60;
/** How often to look when the live feed is silent for a reason nobody told us. */
const PULL_MS = 60_000;

export interface WorkdayOptions {
  user: SessionUser;
  store: SyncStore;
  transport: Transport;
  offers: OffersApi;
  onError: (error: unknown) => void;
}

/** What one technician has on this phone today, kept in step with the store. */
export class Workday {
  readonly user: SessionUser;
  readonly store: SyncStore;
  readonly location: LocationSharing;
  readonly asked: AskedJobs;
  isLoaded = $state(false);
  /** What the phone says of its network, and what the last attempt found. */
  #isConnected = $state(navigator.onLine);
  #isReached = $state(true);
  isOnline = $derived(this.#isConnected && this.#isReached);
  now = $state(Date.now());
  syncState = $state<SyncState>('idle');
  rows = $state.raw<JobRow[]>([]);
  queue = $state.raw<Operation[]>([]);
  quarantined = $state.raw<Quarantined[]>([]);
  me = $state.raw<Me | null>(null);
  skew_ms = $state(0);
  isReplay = $state(false);
  #vanBase = $state.raw<VanPart[]>([]);
  /** The price list of work beyond orders. */
  extraWork = $state.raw<ExtraWork[]>([]);

  jobs = $derived(inDrivingOrder(this.rows.filter((row) => !row.is_gone).map((row) => row.local)));
  van = $derived(vanNow(this.#vanBase, this.queue, this.rows));
  waiting = $derived(this.queue.filter((operation) => operation.state === 'queued'));
  problems = $derived(this.queue.filter((operation) => operation.state !== 'queued'));
  /** Everything on this phone that the server does not have. */
  unsentCount = $derived(this.queue.length + this.quarantined.length);

  #outbox: Outbox;
  #loop: SyncLoop;
  #feed: Feed;
  #picture = new Latest(() => this.#read());
  #refreshTimer: ReturnType<typeof setTimeout> | null = null;
  #isStopped = false;
  #cleanUp: (() => void)[] = [];

  constructor({ user, store, transport, offers, onError }: WorkdayOptions) {
    this.user = user;
    this.store = store;
    const ports = { store, clock: browserClock, ids: browserIds };
    this.#outbox = new Outbox({ ...ports, hasher: browserHasher });
    this.#loop = new SyncLoop({ ...ports, transport, locks: browserLocks, network: browserNetwork, onError });
    this.location = new LocationSharing(
      (position) => void this.#recordPosition(position),
      () => this.skew_ms,
    );
    this.asked = new AskedJobs(offers, (id) => void closeAlert(offerTopic(id)));
    this.#feed = new Feed({
      onChange: ({ entity }) => (entity === 'offer' ? void this.asked.look() : void this.#loop.request()),
      onResync: () => {
        void this.#loop.request();
        void this.asked.look();
      },
    });
  }

  async start(): Promise<void> {
    this.#cleanUp.push(this.store.subscribe(() => this.#refreshSoon()));
    this.#cleanUp.push(this.#loop.onState((state) => this.#followState(state)));
    this.#listen('online', () => this.#connect(true));
    this.#listen('offline', () => this.#connect(false));
    this.#every(TICK_MS, () => this.#tick());
    this.#every(PULL_MS, () => document.visibilityState === 'visible' && void this.#loop.request());
    const onVisible = () => document.visibilityState === 'visible' && this.#wake();
    document.addEventListener('visibilitychange', onVisible);
    this.#cleanUp.push(() => document.removeEventListener('visibilitychange', onVisible));
    await this.#picture.ask();
    // Who signs out while the phone still reads has left: a stream opened now would never be closed.
    if (this.#isStopped) return;
    this.#connect(navigator.onLine);
    void this.#loop.request();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
    this.#feed.close();
    this.#loop.stop();
    this.location.stop();
    for (const undo of this.#cleanUp) undo();
  }

  job(id: string): JobSheet | null {
    return this.rows.find((row) => row.id === id)?.local ?? null;
  }

  isGone(id: string): boolean {
    return this.rows.find((row) => row.id === id)?.is_gone ?? false;
  }

  unsentOf(job_id: string): number {
    return this.queue.filter((operation) => operation.job_id === job_id).length;
  }

  /** Keeps the work on the phone and shows it, once this is done; sending follows by itself. */
  async work(job_id: string, commands: Command[], files: FileToSend[] = []): Promise<void> {
    await this.#outbox.add(job_id, commands, files);
    // What is kept is kept, also when it can't be shown at once.
    await this.#picture.ask().catch(() => this.#refreshSoon());
    void this.#loop.request();
  }

  /** The present by the server's clock as far as it is known: a replayed day has a time of its own. */
  serverNow(): number {
    return Date.now() + this.skew_ms;
  }

  timestamp(): string {
    return new Date(this.serverNow()).toISOString();
  }

  /** A job as the server last told it, without the work on this phone. */
  serverSide(job_id: string): JobSheet | undefined {
    return this.rows.find((row) => row.id === job_id)?.base;
  }

  newId(): string {
    return uuid();
  }

  hash(bytes: Uint8Array): Promise<string> {
    return this.#outbox.hash(bytes);
  }

  /** Fetches what the server has, a job just accepted for one. */
  fetchNow(): Promise<void> {
    return this.#loop.request();
  }

  sendNow(): Promise<void> {
    return this.#loop.retryNow();
  }

  async retry(operation: Operation): Promise<void> {
    await this.#outbox.retry(operation.id);
    void this.#loop.request();
  }

  discard(operation: Operation): Promise<void> {
    return this.#outbox.discard(operation.id);
  }

  export(): Promise<ExportedWork> {
    return exportWork(this.store, browserClock);
  }

  shareLocation(isWanted: boolean): void {
    this.location.want(isWanted);
    this.#locate();
  }

  async #recordPosition(position: TimedPosition): Promise<void> {
    if (await this.#loop.positions.record(position)) await this.#loop.request();
  }

  /** Sending changes the store many times a second; one picture for all of it is enough. */
  #refreshSoon(): void {
    if (this.#isStopped) return;
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = null;
      void this.#picture.ask();
    }, REFRESH_MS);
  }

  async #read(): Promise<void> {
    const found = await this.store.transact(async (tx) => ({
      queue: await readQueue(tx, new Date().toISOString()),
      rows: await tx.jobs(),
      quarantined: await tx.quarantined(),
      me: await tx.meta('me'),
      van: await tx.meta('van'),
      extra_work: await tx.meta('extra_work'),
      skew_ms: await tx.meta('skew_ms'),
      is_replay: await tx.meta('is_replay'),
    }));
    this.rows = found.rows;
    this.queue = found.queue;
    this.quarantined = found.quarantined;
    this.me = found.me ?? null;
    this.#vanBase = found.van ?? [];
    this.extraWork = found.extra_work ?? [];
    this.skew_ms = found.skew_ms ?? 0;
    this.isReplay = found.is_replay ?? false;
    this.now = this.serverNow();
    this.isLoaded ||= found.me !== undefined;
    this.#locate();
  }

  #followState(state: SyncState): void {
    this.syncState = state;
    if (state === 'offline') this.#isReached = false;
    else if (state !== 'working' && state !== 'stopped') this.#isReached = true;
  }

  #tick(): void {
    this.now = this.serverNow();
    this.#locate();
  }

  #wake(): void {
    this.now = this.serverNow();
    this.#connect(navigator.onLine);
    void this.#loop.retryNow();
  }

  #connect(isOnline: boolean): void {
    this.#isConnected = isOnline;
    if (isOnline) {
      this.#feed.open();
      void this.asked.look();
    } else this.#feed.close();
  }

  #locate(): void {
    this.location.follow(mayBeLocated(this.me?.shift ?? null, this.jobs, this.serverNow()));
  }

  #listen(event: 'online' | 'offline', run: () => void): void {
    addEventListener(event, run);
    this.#cleanUp.push(() => removeEventListener(event, run));
  }

  #every(period_ms: number, run: () => void): void {
    const timer = setInterval(run, period_ms);
    this.#cleanUp.push(() => clearInterval(timer));
  }
}
