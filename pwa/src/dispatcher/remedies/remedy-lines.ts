/** A remedy in words: what it does, what it costs, and who goes where instead. */

import { money } from '../../i18n/format.ts';
import type { DaySource } from '../day/day-source.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t, word } from '../i18n/texts.svelte.ts';
import type { Remedy } from './wire.ts';

/** `Costs ¥12.00 more · 1 promise moved` */
export function priceText({ price_fen, promises_moved }: Remedy): string {
  const amount = money(Math.abs(price_fen));
  const price =
    price_fen > 0
      ? t('remedy.costs', { amount })
      : price_fen < 0
        ? t('remedy.saves', { amount })
        : t('remedy.free');
  return [price, t('remedy.promises', { count: promises_moved })].join(' · ');
}

/** `J17 黄女士 → 李明 10:15`; jobs that find no place with the reason. */
export function changeLines({ changes, left }: Remedy, source: DaySource, clock: ZoneClock): string[] {
  const named = (jobId: string, number: string) =>
    [source.visit(jobId)?.customerName, number].filter(Boolean).join(' ');
  return [
    ...changes.map(({ job_id, number, technician_id, start }) => {
      const name = source.technician(technician_id)?.name ?? t('job.technician');
      return `${named(job_id, number)} → ${name} ${clock.time(Date.parse(start))}`;
    }),
    ...left.map(({ job_id, number, reason }) => {
      const { code } = reason as { code?: string };
      return `${named(job_id, number)} → ${t('job.nobody')}${code ? ` (${word('reason', code)})` : ''}`;
    }),
  ];
}
