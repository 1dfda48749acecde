/** Rules are changed as they were read; what somebody else changed meanwhile is neither lost nor written over unseen. */

import type { Tagged } from '../../api/http.ts';
import { ApiError } from '../../api/problem.ts';
import { merged } from './merged.ts';

export interface RulesPort<R> {
  read(): Promise<Tagged<R>>;
  /** Refused with `stale` when the rules have another tag by now. */
  write(rules: R, tag: string): Promise<Tagged<R>>;
}

/** Rules that a form has in another shape than the server. */
export function shaped<S, R>(port: RulesPort<S>, typed: (kept: S) => R, sent: (rules: R) => S): RulesPort<R> {
  const asTyped = ({ body, tag }: Tagged<S>): Tagged<R> => ({ body: typed(body), tag });
  return {
    read: async () => asTyped(await port.read()),
    write: async (rules, tag) => asTyped(await port.write(sent(rules), tag)),
  };
}

export interface Saved<R> {
  /** What the server has. */
  readonly kept: Tagged<R>;
  /** What the form shows: as kept, or what is wished while it is disputed. */
  readonly rules: R;
  /** What both changed, to different things; empty when the rules are saved. */
  readonly both: readonly (keyof R)[];
}

const MOST_TURNS = 5;
const isStale = (failure: unknown): boolean => failure instanceof ApiError && failure.code === 'stale';

/** Saves `ours`, which was made of `base`, beside what others have changed since; nothing is saved while a value is disputed. */
export async function saveRules<R extends object>(
  port: RulesPort<R>,
  base: Tagged<R>,
  ours: R,
): Promise<Saved<R>> {
  let [known, rules] = [base, ours];
  for (let turn = 1; ; turn += 1) {
    try {
      const kept = await port.write(rules, known.tag);
      return { kept, rules: kept.body, both: [] };
    } catch (failure) {
      if (!isStale(failure) || turn === MOST_TURNS) throw failure;
    }
    const kept = await port.read();
    const found = merged(known.body, rules, kept.body);
    if (found.both.length > 0) return { kept, rules: found.rules, both: found.both };
    [known, rules] = [kept, found.rules];
  }
}
