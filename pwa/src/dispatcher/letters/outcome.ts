import type { Letter } from './wire.ts';
import { type LetterWord, say } from './words.ts';

const WITH_REASON: ReadonlySet<string> = new Set(['dismissed']);

/** What became of a letter that is done with; the number of its job stands beside it. */
export const outcomeText = ({ state, why }: Letter): string =>
  say(state as LetterWord, WITH_REASON.has(state) ? { why } : {});

/** How far a waiting letter's answer is. */
export function answerText({ is_owed, why }: Letter): string {
  if (why) return say('owed_why', { why });
  return say(is_owed ? 'owed' : 'answered');
}
