import type { JobSheet, PullReply, VanPart } from '../../api/types.ts';
import type { Kind, Operation } from '../operation.ts';
import type { BlobOutcome, CommandOutcome, PullOutcome, StoredBlob, TimedPosition } from '../ports.ts';
import { apply } from '../replay.ts';

const ALLOWED: Partial<Record<Kind, readonly string[]>> = {
  accept: ['assigned'],
  decline: ['assigned', 'accepted'],
  depart: ['accepted'],
  arrive: ['en_route'],
  complete: ['on_site'],
  sign: ['done'],
};

const HINTS = { name: '铜管', unit_price_fen: 4500 };

interface Told {
  body: string;
  outcome: CommandOutcome;
}

function bodyOf(operation: Operation): string {
  const { id, kind, job_id, device_at, skew_ms, base_version, payload } = operation;
  return JSON.stringify({ id, kind, job_id, device_at, skew_ms, base_version, payload });
}

/** The server's side of the contract, in memory, with a record of every effect. */
export class FakeServer {
  readonly jobs = new Map<string, JobSheet>();
  readonly blobs = new Map<string, Uint8Array>();
  readonly effects: { id: string; kind: Kind; job_id: string }[] = [];
  readonly positions = new Map<string, TimedPosition>();
  readonly van: VanPart[] = [
    { sku: 'PIPE', name: '铜管', name_en: 'Copper pipe', barcode: '', qty: 99, unit_price_fen: 4500 },
  ];
  /** Switch off to see what happens when a server forgets what it has answered. */
  isIdempotent = true;
  #told = new Map<string, Told>();
  #changes: string[] = [];

  put(job: JobSheet): void {
    this.jobs.set(job.id, job);
    this.#changes.push(job.id);
  }

  /** What a dispatcher does meanwhile. */
  edit(id: string, changes: Partial<JobSheet>): void {
    const job = this.jobs.get(id);
    if (job) this.put({ ...job, ...changes, version: job.version + 1 });
  }

  takeAway(id: string): void {
    this.jobs.delete(id);
  }

  putBlob(sha256: string, blob: StoredBlob): BlobOutcome {
    this.blobs.set(sha256, blob.bytes);
    return { outcome: 'stored' };
  }

  command(operation: Operation): CommandOutcome {
    const body = bodyOf(operation);
    const told = this.#told.get(operation.id);
    if (told && this.isIdempotent) {
      return told.body === body ? told.outcome : this.#refuse('idempotency_mismatch', null);
    }
    const outcome = this.#decide(operation);
    this.#told.set(operation.id, { body, outcome });
    return outcome;
  }

  pull(cursor: string | null, server_time: string): PullOutcome {
    const from = cursor === null ? 0 : Number(cursor);
    const changed = new Set(this.#changes.slice(from));
    const reply: PullReply = {
      cursor: String(this.#changes.length),
      server_time,
      me: {
        technician_id: 'tech-1',
        name: '王强',
        vendor_name: null,
        shift: null,
        home: { lat: 39.9, lng: 116.4 },
      },
      jobs: [...this.jobs.values()].filter((job) => cursor === null || changed.has(job.id)),
      ids: [...this.jobs.keys()],
      van: this.van,
      reset: cursor === null,
      is_replay: false,
    };
    return { outcome: 'pulled', reply };
  }

  effectsOf(id: string): number {
    return this.effects.filter((effect) => effect.id === id).length;
  }

  #decide(operation: Operation): CommandOutcome {
    const job = this.jobs.get(operation.job_id);
    if (!job) return this.#refuse('not_found', null);
    const sources = ALLOWED[operation.kind];
    if (sources && !sources.includes(job.status)) {
      const failure = { code: 'transition_refused', message: job.status, theirs: { status: job.status } };
      return { outcome: 'conflict', failure, job };
    }
    if (operation.blobs.some((sha256) => !this.blobs.has(sha256))) return this.#refuse('blob_unknown', job);
    this.effects.push({ id: operation.id, kind: operation.kind, job_id: job.id });
    const priced = operation.kind === 'use_part' ? { ...operation, hint: HINTS } : operation;
    this.put({ ...apply(job, priced), version: job.version + 1 });
    return { outcome: 'accepted', job: this.jobs.get(job.id) ?? null };
  }

  #refuse(code: string, job: JobSheet | null): CommandOutcome {
    return { outcome: 'rejected', failure: { code, message: code, theirs: null }, job };
  }
}
