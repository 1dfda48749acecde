import Dexie, { type Table } from 'dexie';
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

interface MetaRow {
  key: string;
  value: unknown;
}

class Database extends Dexie {
  jobs!: Table<JobRow, string>;
  operations!: Table<unknown, number>;
  blobs!: Table<StoredBlob, string>;
  quarantine!: Table<Quarantined, string>;
  positions!: Table<TimedPosition, Timestamp>;
  meta!: Table<MetaRow, string>;

  constructor(name: string) {
    super(name);
    this.version(1).stores({
      jobs: 'id',
      operations: '++seq,&id',
      blobs: 'sha256',
      quarantine: 'key',
      positions: 'at',
      meta: 'key',
    });
  }
}

class DexieTransaction implements StoreTransaction {
  #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  job = async (id: string) => this.#db.jobs.get(id);
  jobs = async () => this.#db.jobs.toArray();
  operations = async () => this.#db.operations.orderBy(':id').toArray();
  blob = async (sha256: string) => this.#db.blobs.get(sha256);
  blobKeys = async () => this.#db.blobs.toCollection().primaryKeys();
  quarantined = async () => this.#db.quarantine.toArray();

  async putJob(row: JobRow): Promise<void> {
    await this.#db.jobs.put(row);
  }

  async deleteJob(id: string): Promise<void> {
    await this.#db.jobs.delete(id);
  }

  async addOperation(operation: NewOperation): Promise<Operation> {
    const seq = await this.#db.operations.add(operation);
    return { ...operation, seq } as Operation;
  }

  async putOperation(operation: Operation): Promise<void> {
    await this.#db.operations.put(operation);
  }

  async deleteOperation(seq: number): Promise<void> {
    await this.#db.operations.delete(seq);
  }

  async deleteEntry(entry: unknown): Promise<void> {
    await this.#db.operations.delete((entry as { seq: number }).seq);
  }

  async putBlob(blob: StoredBlob): Promise<void> {
    await this.#db.blobs.put(blob);
  }

  async deleteBlob(sha256: string): Promise<void> {
    await this.#db.blobs.delete(sha256);
  }

  async putQuarantined(item: Quarantined): Promise<void> {
    await this.#db.quarantine.put(item);
  }

  async positions(limit: number): Promise<TimedPosition[]> {
    return this.#db.positions.orderBy('at').limit(limit).toArray();
  }

  async putPosition(position: TimedPosition): Promise<void> {
    await this.#db.positions.put(position);
  }

  async deletePositions(at: readonly Timestamp[]): Promise<void> {
    await this.#db.positions.bulkDelete([...at]);
  }

  async meta<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined> {
    return (await this.#db.meta.get(key))?.value as Meta[K] | undefined;
  }

  async putMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
    await this.#db.meta.put({ key, value });
  }
}

/** The phone's own store: one database per signed-in person, so that nobody sends another's work. */
export class IndexedDbStore implements SyncStore {
  #db: Database;
  #tx: DexieTransaction;

  constructor(name: string) {
    this.#db = new Database(name);
    this.#tx = new DexieTransaction(this.#db);
  }

  transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#db.transaction('rw', this.#db.tables, () => work(this.#tx));
  }

  /** Dexie tells of changes in every tab of this origin. */
  subscribe(run: () => void): Cancel {
    const prefix = `idb://${this.#db.name}/`;
    const listener = (parts: Record<string, unknown>) => {
      if (Object.keys(parts).some((part) => part.startsWith(prefix))) run();
    };
    Dexie.on('storagemutated', listener);
    return () => Dexie.on.storagemutated.unsubscribe(listener);
  }

  close(): void {
    this.#db.close();
  }
}
