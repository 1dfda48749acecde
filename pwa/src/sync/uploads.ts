import type { Failure, Operation } from './operation.ts';
import type { Refused, Retry, SignedOut, StoreTransaction, SyncStore, Transport } from './ports.ts';

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

  constructor(ports: UploadPorts) {
    this.#ports = ports;
  }

  /** The operation's files that the server does not have yet. */
  async missing(tx: StoreTransaction, operation: Operation): Promise<string[]> {
    const missing: string[] = [];
    for (const sha256 of operation.blobs) if (!(await tx.blob(sha256))?.is_uploaded) missing.push(sha256);
    return missing;
  }

  /** By hash, what kept a file back; nothing for those that are there. After silence the rest is not tried. */
  async send(operations: readonly Operation[]): Promise<Map<string, Obstacle>> {
    const waiting = [...new Set(operations.flatMap((operation) => operation.blobs))];
    const obstacles = new Map<string, Obstacle>();
    let stop: Obstacle | null = null;
    const work = async () => {
      for (let sha256 = waiting.shift(); sha256 !== undefined; sha256 = waiting.shift()) {
        const obstacle: Obstacle | null = stop ?? (await this.#upload(sha256));
        if (!obstacle) continue;
        obstacles.set(sha256, obstacle);
        if (obstacle.outcome === 'signed_out') stop = obstacle;
        else if (obstacle.outcome === 'retry' && obstacle.reason === 'network') stop = obstacle;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
    return obstacles;
  }

  async #upload(sha256: string): Promise<Obstacle | null> {
    const blob = await this.#ports.store.transact((tx) => tx.blob(sha256));
    if (!blob) return { outcome: 'rejected', failure: MISSING_FILE, job: null };
    if (blob.is_uploaded) return null;
    const reply = await this.#ports.transport.putBlob(sha256, blob);
    if (reply.outcome === 'rejected') return { ...reply, job: null };
    if (reply.outcome !== 'stored') return reply;
    await this.#ports.store.transact(async (tx) => {
      if (await tx.blob(sha256)) await tx.putBlob({ ...blob, is_uploaded: true });
    });
    this.#ports.onProgress();
    return null;
  }
}
