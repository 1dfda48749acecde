import { describe, expect, it } from 'vitest';
import { type Part, Parts } from './parts.svelte.ts';

const ALL = ['a', 'b', 'c', 'd', 'e'];
const partOf = (after: string | null): Part<string> => {
  const from = Number(after ?? 0);
  return { items: ALL.slice(from, from + 2), next: from + 2 < ALL.length ? String(from + 2) : null };
};

describe('a list that is fetched part by part', () => {
  it('grows to its end', async () => {
    const parts = new Parts(async (after) => partOf(after));
    await parts.load();
    for (let turn = 0; turn < 4; turn += 1) await parts.more();
    expect(parts.value).toEqual({ items: ALL, next: null });
  });

  it('drops a part of what is not asked for any more', async () => {
    let answer = (_: Part<string>): void => undefined;
    const parts = new Parts<string>((after) =>
      after
        ? new Promise((resolve) => {
            answer = resolve;
          })
        : Promise.resolve(partOf(null)),
    );
    await parts.load();
    const more = parts.more();
    await parts.load();
    answer(partOf('2'));
    await more;
    expect(parts.value?.items).toEqual(['a', 'b']);
  });

  it('asks once however often it is pressed', async () => {
    let asked = 0;
    const parts = new Parts(async (after) => {
      asked += 1;
      return partOf(after);
    });
    await parts.load();
    await Promise.all([parts.more(), parts.more()]);
    expect(asked).toBe(2);
    expect(parts.value?.items).toEqual(['a', 'b', 'c', 'd']);
  });
});
