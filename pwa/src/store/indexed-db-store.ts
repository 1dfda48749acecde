import type { Timestamp } from '../api/types.ts';
import type { NewOperation, Operation } from '../sync/operation.ts';
import type {
  Cancel,
  Durability,
  JobRow,
  Meta,
  Quarantined,
  StoredBlob,
  StoreTransaction,
  SyncStore,
  TimedPosition,
} from '../sync/ports.ts';
import { Database, done, type Schema } from './indexed-db.ts';

const SCHEMA: Schema = {
  jobs: { keyPath: 'id' },
  operations: { keyPath: 'seq', autoIncrement: true },
  blobs: { keyPath: 'sha256' },
  quarantine: { keyPath: 'key' },
  positions: { keyPath: 'at' },
  meta: { keyPath: 'key' },
};

class IndexedDbTransaction implements StoreTransaction {
  isChanged = false;
  #tx: IDBTransaction;

  constructor(tx: IDBTransaction) {
    this.#tx = tx;
  }

  job = (id: string): Promise<JobRow | undefined> => this.#get('jobs', id);
  jobs = (): Promise<JobRow[]> => done(this.#tx.objectStore('jobs').getAll());
  operations = (): Promise<unknown[]> => done(this.#tx.objectStore('operations').getAll());
  blob = (sha256: string): Promise<StoredBlob | undefined> => this.#get('blobs', sha256);
  quarantined = (): Promise<Quarantined[]> => done(this.#tx.objectStore('quarantine').getAll());

  async blobKeys(): Promise<string[]> {
    return (await done(this.#tx.objectStore('blobs').getAllKeys())) as string[];
  }

  putJob = (row: JobRow): Promise<void> => this.#put('jobs', row);
  deleteJob = (id: string): Promise<void> => this.#delete('jobs', id);
  putOperation = (operation: Operation): Promise<void> => this.#put('operations', operation);
  deleteOperation = (seq: number): Promise<void> => this.#delete('operations', seq);
  deleteEntry = (entry: unknown): Promise<void> => this.#delete('operations', (entry as { seq: number }).seq);
  putBlob = (blob: StoredBlob): Promise<void> => this.#put('blobs', blob);
  deleteBlob = (sha256: string): Promise<void> => this.#delete('blobs', sha256);
  putQuarantined = (item: Quarantined): Promise<void> => this.#put('quarantine', item);
  putPosition = (position: TimedPosition): Promise<void> => this.#put('positions', position);

  async addOperation(operation: NewOperation): Promise<Operation> {
    this.isChanged = true;
    const seq = (await done(this.#tx.objectStore('operations').add(operation))) as number;
    return { ...operation, seq } as Operation;
  }

  positions(limit: number): Promise<TimedPosition[]> {
    return done(this.#tx.objectStore('positions').getAll(undefined, limit));
  }

  async deletePositions(at: readonly Timestamp[]): Promise<void> {
    for (const key of at) await this.#delete('positions', key);
  }

  async meta<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined> {
    return (await this.#get<{ value: Meta[K] }>('meta', key))?.value;
  }

  putMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
    return this.#put('meta', { key, value });
  }

  #get<T>(table: string, key: string): Promise<T | undefined> {
    return done(this.#tx.objectStore(table).get(key) as IDBRequest<T | undefined>);
  }

  async #put(table: string, row: unknown): Promise<void> {
    this.isChanged = true;
    await done(this.#tx.objectStore(table).put(row));
  }

  async #delete(table: string, key: string | number): Promise<void> {
    this.isChanged = true;
    await done(this.#tx.objectStore(table).delete(key));
  }
}

/** The phone's own store: one database per signed-in person, so that nobody sends another's work. */
export class IndexedDbStore implements SyncStore {
  #db: Database;
  #listeners = new Set<() => void>();
  /** Tells the other tabs; without it they learn of changes when they next look. */
  #channel: BroadcastChannel | null;

  constructor(name: string) {
    this.#db = new Database(name, SCHEMA);
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
    if (this.#channel) this.#channel.onmessage = () => this.#tell();
  }

  async transact<T>(work: (tx: StoreTransaction) => Promise<T>, durability: Durability = 'soon'): Promise<T> {
    let isChanged = false;
    const result = await this.#db.transact(
      async (idb) => {
        const tx = new IndexedDbTransaction(idb);
        const value = await work(tx);
        isChanged = tx.isChanged;
        return value;
      },
      durability === 'disk' ? 'strict' : 'relaxed',
    );
    if (isChanged) {
      this.#tell();
      this.#channel?.postMessage('changed');
    }
    return result;
  }

  subscribe(run: () => void): Cancel {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }

  async close(): Promise<void> {
    this.#channel?.close();
    await this.#db.close();
  }

  #tell(): void {
    for (const run of this.#listeners) run();
  }
}
