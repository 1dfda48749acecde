/** What a rule is called and what it says, for whoever has to choose between two of it. */

import { say } from '../messages/words.ts';

export interface Told {
  readonly name: string;
  readonly value: string;
}

const inWords = (value: unknown): string => {
  if (typeof value === 'boolean') return say(value ? 'settings.yes' : 'settings.no');
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  return text || say('settings.nothing');
};

export const told = (name: string, value: unknown): Told => ({ name, value: inWords(value) });
