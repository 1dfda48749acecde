import type { JobSheet } from '../api/types.ts';
import type { Operation } from './operation.ts';
import type { CommandOutcome, JobRow, Settled, StoreTransaction, SyncStore, Transport } from './ports.ts';
import { dropUnusedBlobs, readQueue, refreshLocal } from './queue.ts';
import { apply } from './replay.ts';
import { Uploads } from './uploads.ts';

export interface SenderPorts {
  store: SyncStore;
  transport: Transport;
  now: () => string;
  /** Called when the server has confirmed something: waiting may start over. */
  onProgress: () => void;
}

export type FlushResult = 'empty' | 'retry_network' | 'retry_server' | 'signed_out';

/** What one pass has met: jobs that must wait, and commands that the server takes only one by one. */
interface Pass {
  held: Set<string>;
  isSingly: boolean;
}

interface Chosen {
  batch: Operation[];
  ahead: Set<string>;
}

/** The most commands the server takes at once. */
const BATCH = 50;
/** The most files that commands wait for together: what is known is worth telling before all pictures are there. */
const FILES = 6;

function newest(base: JobSheet, told: JobSheet | null): JobSheet {
  return told && told.version >= base.version ? told : base;
}

/** A job once the server has answered one of its commands; what is still queued is laid on top later. */
function afterReply(row: JobRow, operation: Operation, outcome: Settled): JobRow {
  if (outcome.outcome === 'accepted') {
    const base = outcome.job ? newest(row.base, outcome.job) : apply(row.base, operation);
    return { ...row, base };
  }
  const is_gone = row.is_gone || outcome.failure.code === 'not_found';
  return { ...row, is_gone, base: newest(row.base, outcome.job) };
}

/** Sends queued operations in order, many at a time, each after its files. Call it under the sync lock only. */
export class Sender {
  #ports: SenderPorts;
  #uploads: Uploads;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#uploads = new Uploads(ports);
  }

  /** A server error holds back the rest of that job only; silence or a lost session ends the pass. */
  async flush(): Promise<FlushResult> {
    const pass: Pass = { held: new Set(), isSingly: false };
    for (;;) {
      const batch = await this.#next(pass);
      if (batch.length === 0) return pass.held.size > 0 ? 'retry_server' : 'empty';
      const stopped = await this.#deliver(batch, pass);
      if (stopped) return stopped;
    }
  }

  /** The front of the queue, each command counted as tried. */
  async #next(pass: Pass): Promise<Operation[]> {
    const { batch, ahead } = await this.#ports.store.transact(async (tx) => {
      const chosen = await this.#choose(tx, pass);
      const counted: Operation[] = [];
      for (const operation of chosen.batch) {
        const tried = { ...operation, attempts: operation.attempts + 1 };
        await tx.putOperation(tried);
        counted.push(tried);
      }
      return { ...chosen, batch: counted };
    });
    this.#uploads.begin(ahead);
    return batch;
  }

  /** Up to a full request, no further than the first files to wait for; and the files to start on meanwhile. */
  async #choose(tx: StoreTransaction, { held, isSingly }: Pass): Promise<Chosen> {
    const queue = await readQueue(tx, this.#ports.now());
    const ready = queue.filter((one) => one.state === 'queued' && !held.has(one.job_id));
    const chosen: Chosen = { batch: [], ahead: new Set() };
    let isFull = false;
    for (const operation of ready.slice(0, isSingly ? 1 : BATCH)) {
      const files = await this.#uploads.missing(tx, operation);
      const wereNone = chosen.ahead.size === 0;
      for (const sha256 of files) chosen.ahead.add(sha256);
      const isLater = wereNone ? files.length > 0 : chosen.ahead.size > FILES;
      isFull ||= chosen.batch.length > 0 && isLater;
      if (!isFull) chosen.batch.push(operation);
      if (chosen.ahead.size > FILES) break;
    }
    return chosen;
  }

  /** Why the pass is over, or null to go on. */
  async #deliver(batch: Operation[], pass: Pass): Promise<FlushResult | null> {
    const uploaded = await this.#uploads.send(batch);
    const sendable: Operation[] = [];
    for (const operation of batch) {
      const obstacle = operation.blobs.map((sha256) => uploaded.get(sha256)).find((one) => one !== undefined);
      if (!obstacle) {
        if (!pass.held.has(operation.job_id)) sendable.push(operation);
      } else if (obstacle.outcome === 'signed_out') return 'signed_out';
      else if ('failure' in obstacle) await this.#settle([[operation, obstacle]]);
      else if (obstacle.reason === 'network') return 'retry_network';
      else pass.held.add(operation.job_id);
    }
    return sendable.length > 0 ? this.#send(sendable, pass) : null;
  }

  async #send(batch: Operation[], pass: Pass): Promise<FlushResult | null> {
    const outcome = await this.#ports.transport.send(batch);
    if (outcome.outcome === 'signed_out') return 'signed_out';
    if (outcome.outcome === 'replied') {
      const settled = batch.map((operation, at): [Operation, CommandOutcome | undefined] => [
        operation,
        outcome.replies[at],
      ]);
      return this.#take(settled, pass);
    }
    if (outcome.reason === 'network') return 'retry_network';
    // Something in it is more than the server can take: alone, it holds back nothing but its own job.
    if (batch.length > 1) pass.isSingly = true;
    else for (const operation of batch) pass.held.add(operation.job_id);
    return null;
  }

  async #take(replies: [Operation, CommandOutcome | undefined][], pass: Pass): Promise<FlushResult | null> {
    const settled: [Operation, Settled][] = [];
    for (const [operation, reply] of replies) {
      if (!reply || reply.outcome === 'retry') pass.held.add(operation.job_id);
      else if (reply.outcome === 'signed_out') return 'signed_out';
      else settled.push([operation, reply]);
    }
    if (settled.length === 0) return null;
    await this.#settle(settled);
    this.#ports.onProgress();
    return null;
  }

  /** However many came together: the queue is read once, and each job is written once. */
  async #settle(replies: readonly [Operation, Settled][]): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      const rows = new Map<string, JobRow>();
      const sent: string[] = [];
      for (const [operation, outcome] of replies) {
        const row = rows.get(operation.job_id) ?? (await tx.job(operation.job_id));
        if (row) rows.set(row.id, afterReply(row, operation, outcome));
        if (outcome.outcome === 'accepted') {
          await tx.deleteOperation(operation.seq);
          sent.push(...operation.blobs);
        } else await tx.putOperation({ ...operation, state: outcome.outcome, failure: outcome.failure });
      }
      const queue = await readQueue(tx, this.#ports.now());
      for (const row of rows.values()) await refreshLocal(tx, row, queue);
      await dropUnusedBlobs(tx, sent);
    });
  }
}
