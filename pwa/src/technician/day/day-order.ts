import type { ChecklistStep, JobSheet, Range } from '../../api/types.ts';
import { type DisplayState, displayState, type JobStatus } from '../../ui/display-state.ts';

/** The one thing to do next for a job. */
export type NextAction =
  | { kind: 'accept' | 'depart' | 'arrive' | 'complete' | 'sign' }
  | { kind: 'step'; step: ChecklistStep }
  | null;

const UNDERWAY: ReadonlySet<JobStatus> = new Set(['en_route', 'on_site', 'diagnosed', 'rework', 'done']);
const AHEAD: ReadonlySet<JobStatus> = new Set(['assigned', 'accepted']);
const ON_SITE: ReadonlySet<JobStatus> = new Set(['on_site', 'diagnosed', 'rework']);

const RISK_MS = 15 * 60_000;

export function isUnderway(job: JobSheet): boolean {
  return UNDERWAY.has(job.status);
}

export function isOpen(job: JobSheet): boolean {
  return isUnderway(job) || AHEAD.has(job.status);
}

export function isOnSite(job: JobSheet): boolean {
  return ON_SITE.has(job.status);
}

/** The promised window, else the planned time; null for a job without either. */
export function windowOf(job: JobSheet): Range | null {
  return job.window ?? job.planned;
}

function startOf(job: JobSheet): string {
  return job.planned?.start ?? job.window?.start ?? '9999';
}

/** Driving order: by planned start, then by the promised window, then by number. */
export function inDrivingOrder(jobs: readonly JobSheet[]): JobSheet[] {
  const key = (job: JobSheet) => `${startOf(job)}|${job.window?.start ?? ''}|${job.number}`;
  return [...jobs].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The job underway, else the first one still ahead. */
export function nextJob(jobs: readonly JobSheet[]): JobSheet | null {
  const ordered = inDrivingOrder(jobs);
  return ordered.find(isUnderway) ?? ordered.find(isOpen) ?? null;
}

/** A box left unticked and an emptied text are no answers. */
export function isAnswered(job: JobSheet, step: ChecklistStep): boolean {
  const value = job.answers[step.key];
  return value !== undefined && value !== '' && value !== false;
}

/** The first required question without an answer. */
function nextStep(job: JobSheet): ChecklistStep | null {
  return job.checklist.find((step) => step.required && !isAnswered(job, step)) ?? null;
}

export function nextAction(job: JobSheet): NextAction {
  if (job.status === 'assigned') return { kind: 'accept' };
  if (job.status === 'accepted') return { kind: 'depart' };
  if (job.status === 'en_route') return { kind: 'arrive' };
  if (job.status === 'done') return { kind: 'sign' };
  if (!isOnSite(job)) return null;
  const step = nextStep(job);
  return step ? { kind: 'step', step } : { kind: 'complete' };
}

/** When the technician can be there: not before the plan says so, and not faster than the drive. */
export function projectedArrival(job: JobSheet, now: number): number {
  const planned = Date.parse(job.planned?.arrive ?? windowOf(job)?.start ?? '');
  if (Number.isNaN(planned)) return now;
  if (job.status === 'en_route') return Math.max(now, planned);
  return Math.max(now + (job.planned?.travel_s ?? 0) * 1000, planned);
}

export function stateOf(job: JobSheet, now: number): DisplayState {
  const end = Date.parse(windowOf(job)?.end ?? '9999-12-31T00:00:00Z');
  const arrival = projectedArrival(job, now);
  if (arrival > end) return displayState(job.status, 'late');
  return displayState(job.status, arrival > end - RISK_MS ? 'at_risk' : 'on_time');
}

/**
 * The jobs of the day in front of the technician: today's and what is left of earlier days, or, when there are
 * none, those of the next day with work. `day` is `2026-11-23` in the site's zone.
 */
export function dayInFront(jobs: readonly JobSheet[], today: string): { day: string; jobs: JobSheet[] } {
  const isDue = (job: JobSheet) => isUnderway(job) || job.day === null || job.day <= today;
  const due = jobs.filter(isDue);
  if (due.length > 0) return { day: today, jobs: due };
  const days = jobs.filter(isOpen).flatMap((job) => job.day ?? []);
  const next = days.sort()[0];
  if (!next) return { day: today, jobs: [] };
  return { day: next, jobs: jobs.filter((job) => job.day === next) };
}
