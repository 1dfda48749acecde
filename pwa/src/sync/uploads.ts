import type { Failure, Operation } from './operation.ts';
import type {
  Refused,
  Retry,
  SignedOut,
  StoredBlob,
  StoreTransaction,
  SyncStore,
  Transport,
} from './ports.ts';

export interface UploadPorts {
  store: SyncStore;
  transport: Transport;
  onProgress: () => void;
}

/** Why a file did not get to the server. */
export type Obstacle = Refused | Retry | SignedOut;

/** Files on their way at once: a slow line is used well, and the page's own requests still get through. */
const AT_ONCE = 3;

const MISSING_FILE: Failure = {
  code: 'file_missing',
  message: 'The file is no longer on this phone',
  theirs: null,
};

/** Brings the files of commands to the server. */
export class Uploads {
  #ports: UploadPorts;
  #running = new Map<string, Promise<Obstacle | null>>();
  #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(ports: UploadPorts) {
    this.#ports = ports;
  }

  /** The operation's files that the server does not have yet. */
  async missing(tx: StoreTransaction, operation: Operation): Promise<string[]> {
    const missing: string[] = [];
    for (const sha256 of operation.blobs) if (!(await tx.blob(sha256))?.is_uploaded) missing.push(sha256);
    return missing;
  }

  /** Starts bringing files while commands that need none are still on their way. */
  begin(hashes: Iterable<string>): void {
    for (const sha256 of hashes) void this.#one(sha256);
  }

  /** By hash, what kept a file of these operations back; nothing for those that are there. */
  async send(operations: readonly Operation[]): Promise<Map<string, Obstacle>> {
    const hashes = [...new Set(operations.flatMap((operation) => operation.blobs))];
    const obstacles = new Map<string, Obstacle>();
    const bring = async (sha256: string) => {
      const obstacle = await this.#one(sha256);
      if (obstacle) obstacles.set(sha256, obstacle);
    };
    await Promise.all(hashes.map(bring));
    return obstacles;
  }

  /** The same file is on its way once, whoever asks for it. */
  #one(sha256: string): Promise<Obstacle | null> {
    const running = this.#running.get(sha256);
    if (running) return running;
    const started = this.#inTurn(() => this.#upload(sha256)).finally(() => this.#running.delete(sha256));
    this.#running.set(sha256, started);
    // Who waits for it hears of a failure; a start ahead of need is tried again then.
    started.catch(() => undefined);
    return started;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#busy += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  /**
   * Asked at once whether it arrived, a server whose answer was cut saves a second sending of the picture; when
   * there is no network at all, asking fails as fast as sending did.
   */
  async #bring(blob: StoredBlob): Promise<Obstacle | null> {
    const { transport } = this.#ports;
    const reply = await transport.putBlob(blob.sha256, blob);
    if (reply.outcome === 'stored') return null;
    if (reply.outcome === 'rejected') return { ...reply, job: null };
    if (reply.outcome === 'signed_out') return reply;
    return (await transport.hasBlob(blob.sha256)).outcome === 'there' ? null : reply;
  }

  async #upload(sha256: string): Promise<Obstacle | null> {
    const blob = await this.#ports.store.transact((tx) => tx.blob(sha256));
    if (!blob) return { outcome: 'rejected', failure: MISSING_FILE, job: null };
    if (blob.is_uploaded) return null;
    const begun = { ...blob, is_begun: true };
    if (!blob.is_begun) await this.#remember(begun);
    const obstacle = await this.#bring(blob);
    if (obstacle) return obstacle;
    await this.#remember({ ...begun, is_uploaded: true });
    this.#ports.onProgress();
    return null;
  }

  /** Only as long as somebody still wants the file. */
  async #remember(blob: StoredBlob): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      if (await tx.blob(blob.sha256)) await tx.putBlob(blob);
    });
  }
}
