/** IndexedDB with promises: only what the phone's store needs. */

export type Schema = Record<string, IDBObjectStoreParameters>;

export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(name: string, schema: Schema): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const [table, options] of Object.entries(schema)) request.result.createObjectStore(table, options);
  };
  return done(request);
}

/** One database; it opens when it is first needed and again when the browser has closed it. */
export class Database {
  #name: string;
  #schema: Schema;
  #opened: Promise<IDBDatabase> | null = null;

  constructor(name: string, schema: Schema) {
    this.#name = name;
    this.#schema = schema;
  }

  /** Runs `work` in one transaction over all tables; `strict` returns once its writes are on the disk. */
  async transact<T>(work: (tx: IDBTransaction) => Promise<T>, durability: 'strict' | 'relaxed'): Promise<T> {
    const db = await this.#open();
    const tx = db.transaction(Object.keys(this.#schema), 'readwrite', { durability });
    const finished = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new DOMException('The transaction was aborted', 'AbortError'));
    });
    try {
      const result = await work(tx);
      await finished;
      return result;
    } catch (error) {
      finished.catch(() => undefined); // its reason is `error`, which the caller gets
      abort(tx);
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    (await opened)?.close();
  }

  #open(): Promise<IDBDatabase> {
    this.#opened ??= open(this.#name, this.#schema).then(
      (db) => this.#watch(db),
      (error) => {
        this.#opened = null;
        throw error;
      },
    );
    return this.#opened;
  }

  #watch(db: IDBDatabase): IDBDatabase {
    const forget = () => {
      this.#opened = null;
    };
    db.onclose = forget;
    db.onversionchange = () => {
      forget();
      db.close();
    };
    return db;
  }
}

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch (error) {
    // It has ended by itself already, such as for want of space.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}
