import type { Earnings, ExtraWork, JobSheet, Me, PullReply, Timestamp, VanPart } from '../api/types.ts';
import type { Failure, NewOperation, Operation } from './operation.ts';

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970 by this device's clock. */
  now(): number;
  after(delay_ms: number, run: () => void): Cancel;
}

export interface Ids {
  uuid(): string;
  /** In [0, 1), for jitter. */
  random(): number;
}

export interface Hasher {
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): Promise<string>;
}

export interface Network {
  onOnline(run: () => void): Cancel;
}

export interface Locks {
  /** Waits until no other tab holds the lock, then holds it while `work` runs. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The server did not answer, or not sensibly: the effect may or may not have happened. */
export interface Retry {
  outcome: 'retry';
  reason: 'network' | 'server';
}

export interface SignedOut {
  outcome: 'signed_out';
}

export interface Refused {
  outcome: 'conflict' | 'rejected';
  failure: Failure;
  job: JobSheet | null;
}

/** An answer that stays: asking again would get the same. */
export type Settled = { outcome: 'accepted'; job: JobSheet | null } | Refused;

export type CommandOutcome = Settled | Retry | SignedOut;

/** One outcome for each command, in their order. */
export type BatchOutcome = { outcome: 'replied'; replies: CommandOutcome[] } | Retry | SignedOut;

export type BlobOutcome =
  | { outcome: 'stored' }
  | { outcome: 'rejected'; failure: Failure }
  | Retry
  | SignedOut;
export type PresenceOutcome = { outcome: 'there' | 'missing' } | Retry | SignedOut;
export type PullOutcome = { outcome: 'pulled'; reply: PullReply } | Retry | SignedOut;
export type PositionsOutcome = { outcome: 'stored' } | { outcome: 'rejected' } | Retry | SignedOut;

export interface Transport {
  /** Whether an earlier upload arrived whose answer did not. */
  hasBlob(sha256: string): Promise<PresenceOutcome>;
  putBlob(sha256: string, blob: StoredBlob): Promise<BlobOutcome>;
  /** Together, each counting for itself; `retry` for the reason `server` when nothing is known of any of them. */
  send(operations: readonly Operation[]): Promise<BatchOutcome>;
  pull(cursor: string | null): Promise<PullOutcome>;
  sendPositions(positions: readonly TimedPosition[]): Promise<PositionsOutcome>;
}

export interface StoredBlob {
  sha256: string;
  bytes: Uint8Array;
  media_type: string;
  is_uploaded: boolean;
  /** Some of it may be on the server: worth asking before it is sent again. */
  is_begun?: boolean;
}

export interface TimedPosition {
  at: Timestamp;
  lat: number;
  lng: number;
  accuracy_m: number;
}

/** A job as the server last told it, and as the technician sees it with the unsent work on top. */
export interface JobRow {
  id: string;
  base: JobSheet;
  local: JobSheet;
  /** The server no longer gives this job to this phone, but unsent or refused work is kept. */
  is_gone: boolean;
}

export interface Quarantined {
  key: string;
  reason: string;
  found_at: Timestamp;
  entry: unknown;
}

export interface Meta {
  cursor: string;
  me: Me;
  van: VanPart[];
  extra_work: ExtraWork[];
  /** By tariff, on days before today; as last asked for. */
  earned: Earnings;
  /** Server time minus this device's, in ms, at the last pull. */
  skew_ms: number;
  /** A demonstration's day has a time of its own, which says nothing of this phone's clock. */
  is_replay: boolean;
  pulled_at: number;
  last_device_at: number;
}

export interface StoreTransaction {
  job(id: string): Promise<JobRow | undefined>;
  jobs(): Promise<JobRow[]>;
  putJob(row: JobRow): Promise<void>;
  deleteJob(id: string): Promise<void>;

  /** In the order they were added. Unknown until checked: an older or newer app may have written them. */
  operations(): Promise<unknown[]>;
  addOperation(operation: NewOperation): Promise<Operation>;
  putOperation(operation: Operation): Promise<void>;
  deleteOperation(seq: number): Promise<void>;

  blob(sha256: string): Promise<StoredBlob | undefined>;
  blobKeys(): Promise<string[]>;
  putBlob(blob: StoredBlob): Promise<void>;
  deleteBlob(sha256: string): Promise<void>;

  quarantined(): Promise<Quarantined[]>;
  putQuarantined(item: Quarantined): Promise<void>;
  /** Removes an entry of the queue by where it sits, whatever it contains. */
  deleteEntry(entry: unknown): Promise<void>;

  positions(limit: number): Promise<TimedPosition[]>;
  putPosition(position: TimedPosition): Promise<void>;
  deletePositions(at: readonly Timestamp[]): Promise<void>;

  meta<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined>;
  putMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void>;
}

/** `disk`: survives a battery that falls out. `soon`: bookkeeping that can be found out again. */
export type Durability = 'disk' | 'soon';

export interface SyncStore {
  /** All of `work` or nothing. It may await the transaction only: hash and fetch before. */
  transact<T>(work: (tx: StoreTransaction) => Promise<T>, durability?: Durability): Promise<T>;
  /** Called after a change, made by this tab or another. */
  subscribe(run: () => void): Cancel;
}
