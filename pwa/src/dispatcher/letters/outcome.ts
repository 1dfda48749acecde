import { whyText } from '../messages/message-terms.ts';
import type { Letter } from './wire.ts';
import { type LetterWord, say } from './words.ts';

const WITH_REASON: ReadonlySet<string> = new Set(['dismissed']);

/** What became of a letter that is done with; the number of its job stands beside it. */
export const outcomeText = ({ state, why }: Letter): string =>
  say(state as LetterWord, WITH_REASON.has(state) ? { why } : {});

export const isReadable = ({ state }: Letter): boolean => state !== 'unreadable';

/** How far a waiting letter's answer is, or why there is none. */
export function answerText({ state, is_owed, why }: Letter): string {
  if (state === 'unreadable') return say(why as LetterWord);
  if (why) return say('owed_why', { why: whyText(why) });
  return say(is_owed ? 'owed' : 'answered');
}
