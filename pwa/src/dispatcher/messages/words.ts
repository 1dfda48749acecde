/** The texts of messages, calls to make and settings, in the console's language; fetched with the first of them. */

import { texts } from '../i18n/texts.svelte.ts';
import { EN } from './words-en.ts';
import { ZH } from './words-zh.ts';

export type Word = keyof typeof ZH;

/** A text; `{name}` in it is replaced. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const text = (texts.locale === 'en' ? EN : ZH)[word];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The text for a code from the server, or the code itself where there is none. */
export function called(prefix: string, code: string): string {
  const word = `${prefix}.${code}`;
  return word in ZH ? say(word as Word) : code.replace(/_/g, ' ');
}

const AT = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** An instant in a region's zone, short. */
export const clock = (instant: string, zone: string | undefined): string =>
  new Intl.DateTimeFormat(texts.locale, zone ? { ...AT, timeZone: zone } : AT).format(new Date(instant));
