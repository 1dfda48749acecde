import type { AnswerValue, Position, Timestamp } from '../api/types.ts';

export type DeclineReason = 'too_far' | 'no_skill' | 'no_part' | 'ill' | 'other';

/** x, y as fractions of the pad's width, t in ms since the first point, p the pressure. */
export interface StrokePoint {
  x: number;
  y: number;
  t: number;
  p: number;
}

export interface QuotedLine {
  kind: 'work' | 'part';
  code: string;
  name: string;
  qty: number;
  unit_price_fen: number;
  amount_fen: number;
}

/** Extra work exactly as the customer saw it; its hash is what they answer. */
export interface QuoteSnapshot {
  v: 1;
  kind: 'extra_work';
  quote_id: string;
  job_id: string;
  job_number: string;
  visit_id: string;
  technician: string;
  customer: string;
  address: string;
  lines: QuotedLine[];
  total_fen: number;
  currency: string;
  language: string;
  prepared_at: Timestamp;
}

/** What each kind of command says to the server. */
export interface Payloads {
  accept: Record<string, never>;
  decline: { reason: DeclineReason; text: string };
  depart: { position?: Position };
  arrive: { position?: Position };
  answer: { step: string; value: AnswerValue };
  use_part: { use_id: string; sku: string; qty: number; serial?: string };
  return_part: { use_id: string };
  photo: {
    sha256: string;
    step: string | null;
    kind: 'before' | 'after' | 'evidence';
    taken_at: Timestamp;
    width: number;
    height: number;
  };
  note: { text: string };
  /** The appliance's number, as its plate says. */
  serial: { serial: string };
  diagnose: { fault_code: string; text: string };
  /** `extras`: the agreed quotes whose extra work is charged; left out when there are none. */
  complete: { extras?: string[] };
  agree_extra: {
    quote_id: string;
    snapshot: QuoteSnapshot;
    sha256: string;
    signer: string;
    strokes: StrokePoint[][];
    signed_at: Timestamp;
  };
  decline_extra: { quote_id: string; snapshot: QuoteSnapshot; sha256: string; text: string };
  withdraw_extra: { quote_id: string; text: string };
  sign: {
    snapshot: Record<string, unknown>;
    sha256: string;
    signer: string;
    strokes: StrokePoint[][];
    signed_at: Timestamp;
  };
  report_absent: { text: string; sha256?: string };
  reject_work: { text: string };
  need_part: { sku: string; qty: number; text: string };
  take_to_workshop: { text: string };
}

export type Kind = keyof Payloads;

/** One tap of the technician that the server must learn of exactly once. */
export type Command = {
  [K in Kind]: {
    kind: K;
    payload: Payloads[K];
    hint?: PartHint;
    /** The version it was decided on, where that is not the newest this phone has. */
    seen_version?: number;
  };
}[Kind];

/** What the phone knows about a part and the server need not be told. */
export interface PartHint {
  name: string;
  unit_price_fen: number;
}

export type OperationState = 'queued' | 'conflict' | 'rejected';

export interface Failure {
  code: string;
  message: string;
  theirs: Record<string, unknown> | null;
}

export interface Envelope {
  /** Place in the queue of this phone; given by the store. */
  seq: number;
  /** UUID; also the Idempotency-Key. */
  id: string;
  job_id: string;
  /** By this phone's own clock. */
  device_at: Timestamp;
  /** What was known then to be missing for the server's clock; absent in entries of older versions. */
  skew_ms?: number;
  base_version: number;
  /** Hashes of the files that must be on the server first. */
  blobs: string[];
  state: OperationState;
  attempts: number;
  failure: Failure | null;
}

export type Operation = Envelope & Command;
export type NewOperation = Omit<Envelope, 'seq'> & Command;

const KINDS: Record<Kind, true> = {
  accept: true,
  decline: true,
  depart: true,
  arrive: true,
  answer: true,
  use_part: true,
  return_part: true,
  photo: true,
  note: true,
  serial: true,
  diagnose: true,
  complete: true,
  sign: true,
  report_absent: true,
  reject_work: true,
  need_part: true,
  take_to_workshop: true,
  agree_extra: true,
  decline_extra: true,
  withdraw_extra: true,
};

const STATES: readonly string[] = ['queued', 'conflict', 'rejected'];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a stored entry cannot be sent by this version of the app, or null when it can. */
export function unreadable(entry: unknown): string | null {
  if (!isRecord(entry)) return 'not an object';
  for (const key of ['id', 'job_id', 'device_at'])
    if (typeof entry[key] !== 'string') return `${key} is missing`;
  for (const key of ['seq', 'base_version']) if (typeof entry[key] !== 'number') return `${key} is missing`;
  if (typeof entry.kind !== 'string' || !(entry.kind in KINDS)) return `unknown kind ${String(entry.kind)}`;
  if (!isRecord(entry.payload)) return 'payload is missing';
  if (!Array.isArray(entry.blobs) || entry.blobs.some((sha) => typeof sha !== 'string'))
    return 'blobs are missing';
  return STATES.includes(entry.state as string) ? null : `unknown state ${String(entry.state)}`;
}
