/** Texts of screens that are fetched later, in the console's language; `{name}` in one is replaced, `{money}` by the currency. */

import { moneyUnit } from '../../i18n/format.ts';
import { texts } from '../i18n/texts.svelte.ts';

type Values = Readonly<Record<string, string | number>>;

export interface Phrases<W extends string> {
  say(word: W, values?: Values): string;
  /** The text for a code from the server, or the code itself where there is none. */
  called(prefix: string, code: string, values?: Values): string;
}

export function phrases<W extends string>(zh: Record<W, string>, en: Record<W, string>): Phrases<W> {
  const say = (word: W, values: Values = {}): string =>
    (texts.locale === 'en' ? en : zh)[word].replace(/\{(\w+)\}/g, (_, name: string) =>
      String(values[name] ?? (name === 'money' ? moneyUnit() : '')),
    );
  return {
    say,
    called(prefix, code, values) {
      const word = `${prefix}.${code}`;
      return word in zh ? say(word as W, values) : code.replace(/_/g, ' ');
    },
  };
}
