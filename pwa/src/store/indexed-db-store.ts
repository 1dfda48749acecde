import Dexie, { type Table, type Transaction } from 'dexie';
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

const TABLES = {
  jobs: 'id',
  operations: '++seq,&id',
  blobs: 'sha256',
  quarantine: 'key',
  positions: 'at',
  meta: 'key',
};

/** Its tables are bound to one transaction, so that no chain of awaits can fall out of it. */
class IndexedDbTransaction implements StoreTransaction {
  #jobs: Table<JobRow, string>;
  #operations: Table<unknown, number>;
  #blobs: Table<StoredBlob, string>;
  #quarantine: Table<Quarantined, string>;
  #positions: Table<TimedPosition, Timestamp>;
  #meta: Table<MetaRow, string>;

  constructor(tx: Transaction) {
    this.#jobs = tx.table('jobs');
    this.#operations = tx.table('operations');
    this.#blobs = tx.table('blobs');
    this.#quarantine = tx.table('quarantine');
    this.#positions = tx.table('positions');
    this.#meta = tx.table('meta');
  }

  job = async (id: string) => this.#jobs.get(id);
  jobs = async () => this.#jobs.toArray();
  operations = async () => this.#operations.orderBy(':id').toArray();
  blob = async (sha256: string) => this.#blobs.get(sha256);
  blobKeys = async () => this.#blobs.toCollection().primaryKeys();
  quarantined = async () => this.#quarantine.toArray();

  async putJob(row: JobRow): Promise<void> {
    await this.#jobs.put(row);
  }

  async deleteJob(id: string): Promise<void> {
    await this.#jobs.delete(id);
  }

  async addOperation(operation: NewOperation): Promise<Operation> {
    const seq = await this.#operations.add(operation);
    return { ...operation, seq } as Operation;
  }

  async putOperation(operation: Operation): Promise<void> {
    await this.#operations.put(operation);
  }

  async deleteOperation(seq: number): Promise<void> {
    await this.#operations.delete(seq);
  }

  async deleteEntry(entry: unknown): Promise<void> {
    await this.#operations.delete((entry as { seq: number }).seq);
  }

  async putBlob(blob: StoredBlob): Promise<void> {
    await this.#blobs.put(blob);
  }

  async deleteBlob(sha256: string): Promise<void> {
    await this.#blobs.delete(sha256);
  }

  async putQuarantined(item: Quarantined): Promise<void> {
    await this.#quarantine.put(item);
  }

  async positions(limit: number): Promise<TimedPosition[]> {
    return this.#positions.orderBy('at').limit(limit).toArray();
  }

  async putPosition(position: TimedPosition): Promise<void> {
    await this.#positions.put(position);
  }

  async deletePositions(at: readonly Timestamp[]): Promise<void> {
    await this.#positions.bulkDelete([...at]);
  }

  async meta<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined> {
    return (await this.#meta.get(key))?.value as Meta[K] | undefined;
  }

  async putMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
    await this.#meta.put({ key, value });
  }
}

/** The phone's own store: one database per signed-in person, so that nobody sends another's work. */
export class IndexedDbStore implements SyncStore {
  #db: Dexie;

  constructor(name: string) {
    this.#db = new Dexie(name);
    this.#db.version(1).stores(TABLES);
  }

  transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#db.transaction('rw', this.#db.tables, async (tx) => work(new IndexedDbTransaction(tx)));
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
