import type { Timestamp } from '../api/types.ts';
import type { NewOperation, Operation } from '../sync/operation.ts';
import type {
  Cancel,
  JobRow,
  Meta,
  Quarantined,
  StoredBlob,
  StoreTransaction,
  SyncStore,
  TimedPosition,
} from '../sync/ports.ts';

interface Tables {
  jobs: Map<string, JobRow>;
  operations: Map<number, unknown>;
  blobs: Map<string, StoredBlob>;
  quarantine: Map<string, Quarantined>;
  positions: Map<Timestamp, TimedPosition>;
  meta: Map<string, unknown>;
  nextSeq: number;
}

function emptyTables(): Tables {
  return {
    jobs: new Map(),
    operations: new Map(),
    blobs: new Map(),
    quarantine: new Map(),
    positions: new Map(),
    meta: new Map(),
    nextSeq: 1,
  };
}

function copyOf(tables: Tables): Tables {
  return {
    jobs: new Map(tables.jobs),
    operations: new Map(tables.operations),
    blobs: new Map(tables.blobs),
    quarantine: new Map(tables.quarantine),
    positions: new Map(tables.positions),
    meta: new Map(tables.meta),
    nextSeq: tables.nextSeq,
  };
}

function seqOf(entry: unknown): number {
  return (entry as { seq: number }).seq;
}

class MemoryTransaction implements StoreTransaction {
  isChanged = false;
  #read: Tables;

  constructor(tables: Tables) {
    this.#read = tables;
  }

  get #tables(): Tables {
    this.isChanged = true;
    return this.#read;
  }

  job = async (id: string) => this.#read.jobs.get(id);
  jobs = async () => [...this.#read.jobs.values()];
  operations = async () => [...this.#read.operations.values()];
  blob = async (sha256: string) => this.#read.blobs.get(sha256);
  blobKeys = async () => [...this.#read.blobs.keys()];
  quarantined = async () => [...this.#read.quarantine.values()];

  async putJob(row: JobRow): Promise<void> {
    this.#tables.jobs.set(row.id, row);
  }

  async deleteJob(id: string): Promise<void> {
    this.#tables.jobs.delete(id);
  }

  async addOperation(operation: NewOperation): Promise<Operation> {
    const stored = { ...operation, seq: this.#tables.nextSeq++ } as Operation;
    this.#tables.operations.set(stored.seq, stored);
    return stored;
  }

  async putOperation(operation: Operation): Promise<void> {
    this.#tables.operations.set(operation.seq, operation);
  }

  async deleteOperation(seq: number): Promise<void> {
    this.#tables.operations.delete(seq);
  }

  async deleteEntry(entry: unknown): Promise<void> {
    this.#tables.operations.delete(seqOf(entry));
  }

  async putBlob(blob: StoredBlob): Promise<void> {
    this.#tables.blobs.set(blob.sha256, blob);
  }

  async deleteBlob(sha256: string): Promise<void> {
    this.#tables.blobs.delete(sha256);
  }

  async putQuarantined(item: Quarantined): Promise<void> {
    this.#tables.quarantine.set(item.key, item);
  }

  async positions(limit: number): Promise<TimedPosition[]> {
    return [...this.#read.positions.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(0, limit);
  }

  async putPosition(position: TimedPosition): Promise<void> {
    this.#tables.positions.set(position.at, position);
  }

  async deletePositions(at: readonly Timestamp[]): Promise<void> {
    for (const key of at) this.#tables.positions.delete(key);
  }

  async meta<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined> {
    return this.#read.meta.get(key) as Meta[K] | undefined;
  }

  async putMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
    this.#tables.meta.set(key, value);
  }
}

/** The store for tests, and for browsers that refuse to keep data: it lives as long as the page. */
export class MemoryStore implements SyncStore {
  #tables = emptyTables();
  #queue: Promise<unknown> = Promise.resolve();
  #listeners = new Set<() => void>();

  transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    const run = async () => {
      const draft = copyOf(this.#tables);
      const tx = new MemoryTransaction(draft);
      const result = await work(tx);
      this.#tables = draft;
      if (tx.isChanged) for (const listener of this.#listeners) listener();
      return result;
    };
    const turn = this.#queue.then(run, run);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  subscribe(run: () => void): Cancel {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }
}
