/** Calendar days as `2026-11-23`, whatever the browser's zone. */

import { texts } from '../i18n/texts.svelte.ts';

const DAY_MS = 86_400_000;

export const plusDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);

/** The Monday of the week in which a day lies. */
export const mondayOf = (day: string): string => plusDays(day, -((new Date(day).getUTCDay() + 6) % 7));

/** `周一 23` or `Mon 23` of `2026-11-23`. */
export function weekday(day: string): string {
  const at = new Date(day);
  const locale = texts.locale === 'en' ? 'en-GB' : texts.locale;
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(at);
  return `${name} ${at.getUTCDate()}`;
}
