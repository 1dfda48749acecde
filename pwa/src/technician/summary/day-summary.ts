import type { JobSheet } from '../../api/types.ts';
import { isoDay } from '../../i18n/format.ts';
import { isOpen, windowOf } from '../day/day-order.ts';
import { extrasFen } from '../extras/agreed.ts';

/** One technician's day in figures; money in fen. */
export interface DaySummary {
  jobs: number;
  finished: number;
  signed: number;
  /** Visits ended without a finished job: absent, part missing, to the workshop. */
  unfinished: number;
  /** Of those with an acceptance: signed before their window was over by more than an hour. */
  on_time: number;
  planned_m: number;
  /** What customers have signed to pay. */
  collected_fen: number;
  /** What the tariff pays for signed jobs; null for those who are not paid by tariff. */
  earned_fen: number | null;
  /** What it pays for the jobs still open. */
  open_fen: number | null;
  /** Of the day's jobs; without one, whatever the organisation counts in. */
  currency: string | undefined;
}

const SIGNED: ReadonlySet<string> = new Set(['signed', 'closed']);
const INTERRUPTED: ReadonlySet<string> = new Set(['customer_absent', 'needs_part', 'to_workshop', 'no_show']);
/** A visit that began in its window may well end after it. */
const WORK_MS = 3_600_000;

function signedInTime(job: JobSheet): boolean {
  const end = windowOf(job)?.end;
  if (!job.acceptance || !end) return false;
  return Date.parse(job.acceptance.signed_at) <= Date.parse(end) + WORK_MS;
}

export function totalOf(job: JobSheet): number {
  const parts_fen = job.parts_used.reduce((sum, part) => sum + part.qty * part.unit_price_fen, 0);
  return job.price.labour_fen + parts_fen + extrasFen(job);
}

function sum(jobs: readonly JobSheet[], value: (job: JobSheet) => number): number {
  return jobs.reduce((total, job) => total + value(job), 0);
}

/** The jobs of a day in front, and those of other days that customers signed on it. */
export function jobsOfDay(
  front: { day: string; jobs: readonly JobSheet[] },
  all: readonly JobSheet[],
  zone: string,
): JobSheet[] {
  const signedOnIt = (job: JobSheet) =>
    !!job.acceptance && isoDay(Date.parse(job.acceptance.signed_at), zone) === front.day;
  return [...front.jobs, ...all.filter((job) => !front.jobs.includes(job) && signedOnIt(job))];
}

export function summarise(jobs: readonly JobSheet[]): DaySummary {
  const signed = jobs.filter((job) => SIGNED.has(job.status));
  const open = jobs.filter(isOpen);
  const isPaid = jobs.some((job) => job.pays_fen !== null);
  return {
    jobs: jobs.length,
    finished: jobs.length - open.length,
    signed: signed.length,
    unfinished: jobs.filter((job) => INTERRUPTED.has(job.status)).length,
    on_time: signed.filter(signedInTime).length,
    planned_m: sum(jobs, (job) => job.planned?.travel_m ?? 0),
    collected_fen: sum(signed, totalOf),
    earned_fen: isPaid ? sum(signed, (job) => job.pays_fen ?? 0) : null,
    open_fen: isPaid ? sum(open, (job) => job.pays_fen ?? 0) : null,
    currency: jobs[0]?.price.currency,
  };
}
