import { beforeEach, describe, expect, it, vi } from 'vitest';
import { knownFirst, openFirst, rememberFirst } from './first-view.ts';

const said = (query: string) => () => Promise.resolve({ view_id: query ? 'v' : null, query });

describe('what the console opens with', () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
  });

  it('comes from the server on a new computer, and at once the next time', async () => {
    const open = vi.fn();
    await openFirst('me', said('skill=hvac'), open);
    expect(open.mock.calls).toEqual([['skill=hvac', '']]);
    await openFirst('me', said('skill=hvac'), open);
    expect(open.mock.calls).toEqual([
      ['skill=hvac', ''],
      ['skill=hvac', ''],
    ]);
  });

  it('follows what was chosen elsewhere, also that there is none any more', async () => {
    rememberFirst('me', { query: 'skill=hvac' });
    const open = vi.fn();
    await openFirst('me', said(''), open);
    expect(open.mock.calls).toEqual([
      ['skill=hvac', ''],
      ['', 'skill=hvac'],
    ]);
    expect(knownFirst('me')).toBe('');
  });

  it('stays what was chosen while the server’s reply was under way', async () => {
    rememberFirst('me', { query: 'skill=hvac' });
    const open = vi.fn();
    await openFirst(
      'me',
      () => {
        rememberFirst('me', { query: 'zone=north' });
        return said('skill=lock')();
      },
      open,
    );
    expect(open.mock.calls).toEqual([['skill=hvac', '']]);
    expect(knownFirst('me')).toBe('zone=north');
  });

  it('is each person’s own in a browser that several use', async () => {
    rememberFirst('me', { query: 'skill=hvac' });
    const open = vi.fn();
    await openFirst('you', said(''), open);
    expect(open).not.toHaveBeenCalled();
    expect(knownFirst('me')).toBe('skill=hvac');
  });
});
