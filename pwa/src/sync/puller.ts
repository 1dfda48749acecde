import type { JobSheet, PullReply } from '../api/types.ts';
import type { Operation } from './operation.ts';
import type { Clock, StoreTransaction, SyncStore, Transport } from './ports.ts';
import { dropUnusedBlobs, readQueue, refreshLocal } from './queue.ts';

export interface PullerPorts {
  store: SyncStore;
  transport: Transport;
  clock: Clock;
}

export type PullResult = 'pulled' | 'retry_network' | 'retry_server' | 'signed_out';

/** Fetches what changed since the last time. Call it under the sync lock only, after sending. */
export class Puller {
  #ports: PullerPorts;

  constructor(ports: PullerPorts) {
    this.#ports = ports;
  }

  async pull(): Promise<PullResult> {
    const { store, transport, clock } = this.#ports;
    const cursor = (await store.transact((tx) => tx.meta('cursor'))) ?? null;
    const asked_at = clock.now();
    const outcome = await transport.pull(cursor);
    if (outcome.outcome === 'signed_out') return 'signed_out';
    if (outcome.outcome === 'retry') return `retry_${outcome.reason}`;
    const skew_ms = Date.parse(outcome.reply.server_time) - (asked_at + clock.now()) / 2;
    await store.transact((tx) => this.#take(tx, outcome.reply, skew_ms));
    return 'pulled';
  }

  async #take(tx: StoreTransaction, reply: PullReply, skew_ms: number): Promise<void> {
    const queue = await readQueue(tx, new Date(this.#ports.clock.now()).toISOString());
    for (const job of reply.jobs) await this.#takeJob(tx, job, queue, reply.reset);
    await this.#forget(tx, new Set(reply.ids), queue);
    await tx.putMeta('me', reply.me);
    await tx.putMeta('van', reply.van);
    await tx.putMeta('extra_work', reply.extra_work ?? []);
    await tx.putMeta('cursor', reply.cursor);
    await tx.putMeta('skew_ms', Math.round(skew_ms));
    await tx.putMeta('is_replay', reply.is_replay === true);
    await tx.putMeta('pulled_at', this.#ports.clock.now());
  }

  /** Work that the server has not confirmed stays on top of whatever it tells. */
  async #takeJob(
    tx: StoreTransaction,
    job: JobSheet,
    queue: readonly Operation[],
    reset: boolean,
  ): Promise<void> {
    const row = await tx.job(job.id);
    const base = !reset && row && row.base.version > job.version ? row.base : job;
    await refreshLocal(tx, { id: job.id, base, local: base, is_gone: false }, queue);
  }

  /** Jobs that are no longer this phone's leave it, except those with work that only this phone has. */
  async #forget(tx: StoreTransaction, mine: ReadonlySet<string>, queue: readonly Operation[]): Promise<void> {
    const withWork = new Set(queue.map((operation) => operation.job_id));
    for (const row of await tx.jobs()) {
      if (mine.has(row.id)) continue;
      if (withWork.has(row.id)) await tx.putJob({ ...row, is_gone: true });
      else {
        await tx.deleteJob(row.id);
        await dropUnusedBlobs(
          tx,
          row.local.photos.map((photo) => photo.sha256),
        );
      }
    }
  }
}
