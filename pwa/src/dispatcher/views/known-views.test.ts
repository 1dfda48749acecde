import { beforeEach, describe, expect, it, vi } from 'vitest';
import { knownFirst } from './first-view.ts';
import { KnownViews } from './known-views.svelte.ts';
import type { FirstView, SavedView } from './wire.ts';

const view = (id: string): SavedView => ({
  id,
  name: id,
  query: `skill=${id}`,
  by: '',
  is_own: true,
  is_shared: false,
});

/** Replies are given when the test says so, in the order it says. */
function server() {
  const answers: (() => void)[] = [];
  const chosen: (string | null)[] = [];
  let first: FirstView = { view_id: null, query: '' };
  const later = <T>(value: () => T): Promise<T> =>
    new Promise((resolve) => {
      const now = value();
      answers.push(() => resolve(now));
    });
  const api = {
    list: () => Promise.resolve([view('a'), view('b')]),
    first: () => later(() => first),
    beginWith: (one: SavedView | null) =>
      later(() => {
        chosen.push(one?.id ?? null);
        first = { view_id: one?.id ?? null, query: one?.query ?? '' };
      }),
  };
  const answer = async (index = 0): Promise<void> => {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(index));
    answers.splice(index, 1)[0]?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { api, chosen, answer, waiting: () => answers.length };
}

describe('which saved view the console opens with', () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
  });

  it('is the one that was chosen, also where an earlier reply comes late', async () => {
    const { api, answer } = server();
    const views = new KnownViews(api, () => 'me');
    const opened = views.load();
    const choosing = views.beginWith(view('b'));
    expect(views.firstId).toBe('b');
    await answer(1); // the choice
    await answer(0); // the list as it was before it
    expect(views.firstId).toBe('b');
    expect(knownFirst('me')).toBe('');
    await answer();
    await Promise.all([opened, choosing]);
    expect(views.firstId).toBe('b');
    expect(knownFirst('me')).toBe('skill=b');
  });

  it('is the last of two that were chosen in haste', async () => {
    const { api, answer, chosen, waiting } = server();
    const views = new KnownViews(api, () => 'me');
    const both = [views.beginWith(view('a')), views.beginWith(view('b'))];
    await answer();
    expect(waiting()).toBe(1);
    await answer();
    await answer();
    await Promise.all(both);
    expect(chosen).toEqual(['a', 'b']);
    expect(views.firstId).toBe('b');
  });

  it('is what the server has where the choice fails', async () => {
    const { api, answer } = server();
    const refusing = { ...api, beginWith: () => Promise.reject(new Error('gone')) };
    const views = new KnownViews(refusing, () => 'me');
    const choosing = expect(views.beginWith(view('a'))).rejects.toThrow('gone');
    await answer();
    await choosing;
    expect(views.firstId).toBeNull();
  });
});
