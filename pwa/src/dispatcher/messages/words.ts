/** The texts of messages, calls to make and settings, in the console's language; fetched with the first of them. */

import { moneyUnit } from '../../i18n/format.ts';
import { texts } from '../i18n/texts.svelte.ts';
import { EN } from './words-en.ts';
import { ZH } from './words-zh.ts';

export type Word = keyof typeof ZH;

/** A text; `{name}` in it is replaced. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const text = (texts.locale === 'en' ? EN : ZH)[word];
  return text.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? (name === 'money' ? moneyUnit() : '')),
  );
}

/** The text for a code from the server, or the code itself where there is none. */
export function called(prefix: string, code: string): string {
  const word = `${prefix}.${code}`;
  return word in ZH ? say(word as Word) : code.replace(/_/g, ' ');
}

const AT = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

// As the day's page writes dates.
const inWords = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(texts.locale === 'en' ? 'en-GB' : texts.locale, options);

/** An instant in a region's zone, short; with the year when that is another. */
export function clock(instant: string, zone: string | undefined): string {
  const at = new Date(instant);
  const year = at.getUTCFullYear() === new Date().getUTCFullYear() ? {} : ({ year: 'numeric' } as const);
  return inWords({ ...AT, ...year, ...(zone ? { timeZone: zone } : {}) }).format(at);
}

/** `28 Dec 2027` of `2027-12-28`. */
export const calendarDay = (day: string): string =>
  inWords({ dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(day));
