import { clockTime, dayName, isoDay } from '../../i18n/format.ts';
import type { Operation } from '../../sync/operation.ts';
import type { SyncState } from '../../sync/sync-loop.ts';
import { t, texts } from '../i18n/texts.ts';
import { happenedAt } from './failure-text.ts';

/** What a technician needs to know of work that is not sent: why, and what is to be done about it. */
export interface Standing {
  readonly reason: Reason;
  readonly why: string;
  readonly todo: string;
}

export type Reason = 'sending' | 'offline' | 'signed_out' | 'busy' | 'refused';

interface Sync {
  readonly isOnline: boolean;
  readonly syncState: SyncState;
  /** How many are still to be sent, and how many need a decision. */
  readonly waiting: number;
  readonly problems: number;
}

const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

function reasonOf({ isOnline, syncState, waiting }: Sync): Reason {
  if (waiting === 0) return 'refused';
  if (syncState === 'signed_out') return 'signed_out';
  if (!isOnline) return 'offline';
  return syncState === 'waiting' ? 'busy' : 'sending';
}

export function standing(sync: Sync): Standing {
  const reason = reasonOf(sync);
  const why =
    reason === 'refused' ? t('unsent.problem', { count: sync.problems }) : t(`unsent.why.${reason}`);
  return { reason, why, todo: t(`unsent.todo.${reason}`) };
}

/** `09:12`, with the day in front where it was not today. */
export function tapTime(operation: Operation, zone: string, now_ms: number): string {
  const at = happenedAt(operation);
  const clock = clockTime(at, zone);
  return isoDay(at, zone) === isoDay(now_ms, zone) ? clock : `${dayName(at, texts.locale, zone)} ${clock}`;
}

/** `The oldest is from 09:12, 2 h 5 min ago`; nothing while it has only just been tapped. */
export function oldest(queue: readonly Operation[], zone: string, now_ms: number): string {
  const first = queue.reduce<Operation | undefined>(
    (found, one) => (found && happenedAt(found) <= happenedAt(one) ? found : one),
    undefined,
  );
  const minutes = first ? Math.floor((now_ms - happenedAt(first)) / MINUTE_MS) : 0;
  if (!first || minutes < 1) return '';
  return t('unsent.since', { time: tapTime(first, zone, now_ms), age: age(minutes) });
}

function age(minutes: number): string {
  if (minutes < HOUR_MIN) return t('unsent.age.minutes', { count: minutes });
  if (minutes < DAY_MIN)
    return t('unsent.age.hours', { hours: Math.floor(minutes / HOUR_MIN), minutes: minutes % HOUR_MIN });
  return t('unsent.age.days', { count: Math.floor(minutes / DAY_MIN) });
}
