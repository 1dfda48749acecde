import type { Command, NewOperation, Operation } from './operation.ts';
import type { Clock, Hasher, Ids, StoredBlob, StoreTransaction, SyncStore } from './ports.ts';
import { dropUnusedBlobs, readQueue, refreshLocal } from './queue.ts';
import { apply } from './replay.ts';

export interface OutboxPorts {
  store: SyncStore;
  clock: Clock;
  ids: Ids;
  hasher: Hasher;
}

export interface FileToSend {
  bytes: Uint8Array;
  media_type: string;
}

export class UnknownJobError extends Error {
  constructor(job_id: string) {
    super(`Job ${job_id} is not on this phone`);
    this.name = 'UnknownJobError';
  }
}

/** Timestamps stay in the order of the taps, unless the clock itself was set back. */
const SMALL_STEP_MS = 1000;

/** The technician's work, kept until the server has confirmed it. */
export class Outbox {
  #ports: OutboxPorts;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** The hash by which a file is known everywhere. */
  hash(bytes: Uint8Array): Promise<string> {
    return this.#ports.hasher.sha256(bytes);
  }

  /** Keeps commands, their effect on the job and their files: all of them or none. */
  async add(job_id: string, commands: readonly Command[], files: readonly FileToSend[] = []): Promise<void> {
    const blobs = await Promise.all(files.map((file) => this.#blob(file)));
    await this.#ports.store.transact(async (tx) => {
      const row = await tx.job(job_id);
      if (!row) throw new UnknownJobError(job_id);
      for (const blob of blobs) if (!(await tx.blob(blob.sha256))) await tx.putBlob(blob);
      let { local } = row;
      for (const command of commands) {
        const shas = blobs.map((blob) => blob.sha256);
        await tx.addOperation(await this.#operation(tx, job_id, row.base.version, command, shas));
        local = apply(local, command);
      }
      await tx.putJob({ ...row, local });
    }, 'disk');
  }

  /** Puts refused work back into the queue, with a new identity because the old one has its answer. */
  async retry(id: string): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      const operation = await this.#find(tx, id);
      if (!operation || operation.state === 'queued') return;
      const { seq, ...rest } = operation;
      await tx.deleteOperation(seq);
      const row = await tx.job(operation.job_id);
      const base_version = row?.base.version ?? operation.base_version;
      const fresh = {
        id: this.#ports.ids.uuid(),
        base_version,
        state: 'queued',
        attempts: 0,
        failure: null,
      } as const;
      await tx.addOperation({ ...rest, ...fresh } as NewOperation);
      for (const sha256 of operation.blobs) await this.#uploadAgain(tx, sha256);
      await this.#refresh(tx, operation.job_id);
    });
  }

  /** The server may have refused the work because it no longer has the file. */
  async #uploadAgain(tx: StoreTransaction, sha256: string): Promise<void> {
    const blob = await tx.blob(sha256);
    if (blob) await tx.putBlob({ ...blob, is_uploaded: false });
  }

  /** Gives up refused work at the technician's wish. Queued work cannot be discarded: it may already have arrived. */
  async discard(id: string): Promise<void> {
    await this.#ports.store.transact(async (tx) => {
      const operation = await this.#find(tx, id);
      if (!operation || operation.state === 'queued') return;
      await tx.deleteOperation(operation.seq);
      await this.#forgetGoneJob(tx, operation.job_id);
      await dropUnusedBlobs(tx, operation.blobs);
    });
  }

  async #forgetGoneJob(tx: StoreTransaction, job_id: string): Promise<void> {
    const row = await tx.job(job_id);
    const queue = await readQueue(tx, this.#now());
    if (row?.is_gone && !queue.some((operation) => operation.job_id === job_id)) await tx.deleteJob(job_id);
  }

  async #find(tx: StoreTransaction, id: string): Promise<Operation | undefined> {
    return (await readQueue(tx, this.#now())).find((operation) => operation.id === id);
  }

  async #refresh(tx: StoreTransaction, job_id: string): Promise<void> {
    const row = await tx.job(job_id);
    if (row) await refreshLocal(tx, row, await readQueue(tx, this.#now()));
  }

  async #operation(
    tx: StoreTransaction,
    job_id: string,
    newest_version: number,
    { seen_version = newest_version, ...command }: Command,
    shas: string[],
  ): Promise<NewOperation> {
    const text = JSON.stringify(command.payload);
    return {
      ...command,
      id: this.#ports.ids.uuid(),
      job_id,
      device_at: await this.#tapTime(tx),
      skew_ms: (await tx.meta('skew_ms')) ?? 0,
      base_version: seen_version,
      blobs: shas.filter((sha256) => text.includes(sha256)),
      state: 'queued',
      attempts: 0,
      failure: null,
    };
  }

  async #tapTime(tx: StoreTransaction): Promise<string> {
    const now = this.#ports.clock.now();
    const last = (await tx.meta('last_device_at')) ?? 0;
    const at = last >= now && last - now < SMALL_STEP_MS ? last + 1 : now;
    await tx.putMeta('last_device_at', at);
    return new Date(at).toISOString();
  }

  async #blob({ bytes, media_type }: FileToSend): Promise<StoredBlob> {
    return { sha256: await this.hash(bytes), bytes, media_type, is_uploaded: false };
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }
}
