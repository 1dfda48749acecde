import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { type RulesPort, saveRules } from './kept-rules.ts';

type Rules = { days: number; hotline: string };

/** A server whose rules others change: each of `changes` just before a write of ours arrives. */
function server(kept: Rules, ...changes: Partial<Rules>[]) {
  let [rules, version] = [kept, 1];
  const tagged = () => ({ body: rules, tag: `"${version}"` });
  const port: RulesPort<Rules> = {
    read: async () => tagged(),
    write: async (wanted, tag) => {
      const change = changes.shift();
      if (change) [rules, version] = [{ ...rules, ...change }, version + 1];
      if (tag !== `"${version}"`) throw new ApiError(409, { code: 'stale' });
      [rules, version] = [wanted, version + 1];
      return tagged();
    },
  };
  return { port, base: tagged(), now: () => rules };
}

const BASE: Rules = { days: 7, hotline: '400' };

describe('rules that are saved', () => {
  it('are written by the tag they were read with', async () => {
    const { port, base, now } = server(BASE);
    const saved = await saveRules(port, base, { ...BASE, days: 14 });
    expect(now()).toEqual({ days: 14, hotline: '400' });
    expect(saved).toEqual({ kept: { body: now(), tag: '"2"' }, rules: now(), both: [] });
  });

  it('keep what others changed beside them, however often', async () => {
    const { port, base, now } = server(BASE, { hotline: '95' }, { hotline: '96' });
    const saved = await saveRules(port, base, { ...BASE, days: 14 });
    expect(now()).toEqual({ days: 14, hotline: '96' });
    expect(saved.both).toEqual([]);
  });

  it('are not saved while somebody else wants the same rule otherwise; asked again, ours count', async () => {
    const { port, base, now } = server(BASE, { days: 21, hotline: '95' });
    const disputed = await saveRules(port, base, { ...BASE, days: 14 });
    expect(disputed.both).toEqual(['days']);
    expect(disputed.rules).toEqual({ days: 14, hotline: '95' });
    expect(now().days).toBe(21);
    await saveRules(port, disputed.kept, disputed.rules);
    expect(now()).toEqual({ days: 14, hotline: '95' });
  });

  it('say so where the server refuses for another reason', async () => {
    const { port, base } = server(BASE);
    const refused = { ...port, write: () => Promise.reject(new ApiError(403, { code: 'forbidden' })) };
    await expect(saveRules(refused, base, BASE)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('give up where others never rest', async () => {
    const restless = Array.from({ length: 9 }, (_, index) => ({ hotline: `9${index}` }));
    const { port, base } = server(BASE, ...restless);
    await expect(saveRules(port, base, { ...BASE, days: 14 })).rejects.toMatchObject({ code: 'stale' });
  });
});
