/** Exceptions as a person works through them: one card per job, one for everything of somebody not there. */

import type { ZoneClock } from '../day/zone-clock.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { Exception } from './wire.ts';

export interface Trouble {
  readonly key: string;
  /** The gravest first. */
  readonly kinds: readonly string[];
  readonly jobIds: readonly string[];
  readonly number: string;
  readonly technicianId: string | null;
  readonly minutes: number | null;
  readonly dueMs: number | null;
}

/** Amber for what may still be saved, red for what is broken. */
const MILD: ReadonlySet<string> = new Set(['at_risk', 'overrun', 'no_position']);

export const isMild = ({ kinds }: Trouble): boolean => kinds.every((kind) => MILD.has(kind));

/** Keeps the server's order: a card stands where the gravest of its exceptions stood. */
export function troublesOf(exceptions: readonly Exception[]): Trouble[] {
  const cards = new Map<string, Trouble>();
  for (const { kind, job_id, number, technician_id, minutes, due_at } of exceptions) {
    const isPerson = kind === 'off_duty' && technician_id !== null;
    const key = isPerson ? `technician:${technician_id}` : job_id;
    const known = cards.get(key);
    cards.set(key, {
      key,
      number,
      ...known,
      kinds: [...new Set([...(known?.kinds ?? []), kind])],
      jobIds: [...new Set([...(known?.jobIds ?? []), job_id])],
      technicianId: known?.technicianId ?? technician_id,
      minutes: known?.minutes ?? minutes,
      dueMs: known?.dueMs ?? (due_at ? Date.parse(due_at) : null),
    });
  }
  return [...cards.values()];
}

/** By how much or until when: `12 min late`, `by 11:30`. */
export function measureText({ kinds, minutes, dueMs, jobIds }: Trouble, clock: ZoneClock): string {
  const [kind] = kinds;
  if (kind === 'off_duty') return t('trouble.jobs', { count: jobIds.length });
  if (kind === 'late' && minutes) return t('trouble.late_by', { minutes });
  if (kind === 'overrun' && minutes) return t('trouble.over_by', { minutes });
  if (kind === 'no_position' && minutes) return t('trouble.silent_for', { minutes });
  if (dueMs === null) return '';
  const time = clock.time(dueMs);
  return kind === 'sla' && minutes ? t('trouble.overdue', { time, minutes }) : t('trouble.due', { time });
}
