/** A way in, in words: what gives way, and who then comes when. */

import type { DaySource } from '../day/day-source.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { word } from '../i18n/texts.svelte.ts';
import { called, say } from '../plan/words.ts';
import type { WayIn } from './ways-in.ts';

/** `李明当天下班晚 20 分钟` */
export function wayText({ bend, subject, part, amount }: WayIn, source: DaySource): string {
  const name = source.technician(subject)?.name ?? '';
  const what = bend === 'lower_skill' ? word('skill', subject) : subject;
  return called('way', bend, { name, part, amount, subject: what });
}

/** `李明 14:10 上门`, and how many others shift for it. */
export function thenText({ changes }: WayIn, jobId: string, source: DaySource, clock: ZoneClock): string {
  const own = changes.find(({ job_id }) => job_id === jobId);
  const name = source.technician(own?.technician_id ?? null)?.name ?? '';
  const then = own ? say('ways.then', { name, at: clock.time(Date.parse(own.start)) }) : '';
  const others = changes.length - (own ? 1 : 0);
  return others > 0 ? `${then} · ${say('ways.shifts', { count: others })}` : then;
}
