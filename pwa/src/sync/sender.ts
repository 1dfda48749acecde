import type { JobSheet } from '../api/types.ts';
import type { Failure, Operation } from './operation.ts';
import type { CommandOutcome, JobRow, StoredBlob, StoreTransaction, SyncStore, Transport } from './ports.ts';
import { dropUnusedBlobs, readQueue, refreshLocal } from './queue.ts';
import { apply } from './replay.ts';

export interface SenderPorts {
  store: SyncStore;
  transport: Transport;
  now: () => string;
  /** Called when the server has confirmed something: waiting may start over. */
  onProgress: () => void;
}

export type FlushResult = 'empty' | 'retry_network' | 'retry_server' | 'signed_out';

type Settled = Exclude<CommandOutcome, { outcome: 'retry' | 'signed_out' }>;
type Unsettled = Extract<CommandOutcome, { outcome: 'retry' | 'signed_out' }>;

const MISSING_FILE: Failure = {
  code: 'file_missing',
  message: 'The file is no longer on this phone',
  theirs: null,
};

function newest(base: JobSheet, told: JobSheet | null): JobSheet {
  return told && told.version >= base.version ? told : base;
}

/** Sends queued operations in order, each preceded by its files. Call it under the sync lock only. */
export class Sender {
  #ports: SenderPorts;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  /** A server error holds back the rest of that job only; silence or a lost session ends the pass. */
  async flush(): Promise<FlushResult> {
    const held = new Set<string>();
    for (;;) {
      const operation = await this.#next(held);
      if (!operation) return held.size > 0 ? 'retry_server' : 'empty';
      const outcome = await this.#deliver(operation);
      if (outcome.outcome === 'signed_out') return 'signed_out';
      if (outcome.outcome === 'retry') {
        if (outcome.reason === 'network') return 'retry_network';
        held.add(operation.job_id);
        continue;
      }
      await this.#settle(operation, outcome);
      this.#ports.onProgress();
    }
  }

  async #next(held: ReadonlySet<string>): Promise<Operation | undefined> {
    return this.#ports.store.transact(async (tx) => {
      const queue = await readQueue(tx, this.#ports.now());
      const next = queue.find((operation) => operation.state === 'queued' && !held.has(operation.job_id));
      if (!next) return undefined;
      const counted = { ...next, attempts: next.attempts + 1 };
      await tx.putOperation(counted);
      return counted;
    });
  }

  async #deliver(operation: Operation): Promise<CommandOutcome> {
    for (const sha256 of operation.blobs) {
      const refused = await this.#upload(sha256);
      if (refused) return refused;
    }
    return this.#ports.transport.send(operation);
  }

  /** Null when the server has the file. */
  async #upload(sha256: string): Promise<CommandOutcome | null> {
    const blob = await this.#ports.store.transact((tx) => tx.blob(sha256));
    if (!blob) return { outcome: 'rejected', failure: MISSING_FILE, job: null };
    if (blob.is_uploaded) return null;
    const reply = await this.#ports.transport.putBlob(sha256, blob);
    if (reply.outcome === 'rejected') return { ...reply, job: null };
    if (reply.outcome !== 'stored') return reply satisfies Unsettled;
    await this.#markUploaded(blob);
    this.#ports.onProgress();
    return null;
  }

  async #markUploaded(blob: StoredBlob): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      if (await tx.blob(blob.sha256)) await tx.putBlob({ ...blob, is_uploaded: true });
    });
  }

  async #settle(operation: Operation, outcome: Settled): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      const row = await tx.job(operation.job_id);
      if (outcome.outcome === 'accepted') await this.#accepted(tx, operation, outcome.job, row);
      else await this.#refused(tx, operation, outcome, row);
    });
  }

  async #accepted(
    tx: StoreTransaction,
    operation: Operation,
    told: JobSheet | null,
    row: JobRow | undefined,
  ): Promise<void> {
    await tx.deleteOperation(operation.seq);
    if (row) {
      const base = told ? newest(row.base, told) : apply(row.base, operation);
      await this.#rebase(tx, { ...row, base });
    }
    await dropUnusedBlobs(tx, operation.blobs);
  }

  async #refused(
    tx: StoreTransaction,
    operation: Operation,
    outcome: Extract<Settled, { outcome: 'conflict' | 'rejected' }>,
    row: JobRow | undefined,
  ): Promise<void> {
    await tx.putOperation({ ...operation, state: outcome.outcome, failure: outcome.failure });
    if (!row) return;
    const is_gone = row.is_gone || outcome.failure.code === 'not_found';
    await this.#rebase(tx, { ...row, is_gone, base: newest(row.base, outcome.job) });
  }

  async #rebase(tx: StoreTransaction, row: JobRow): Promise<void> {
    await refreshLocal(tx, row, await readQueue(tx, this.#ports.now()));
  }
}
