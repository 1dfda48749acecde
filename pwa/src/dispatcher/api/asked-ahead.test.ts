import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Http } from '../../api/http.ts';
import { SessionApi } from '../../api/session.ts';
import { fetchOrTake } from './asked-ahead.ts';
import { ConsoleApi } from './console-api.ts';

const asked: string[] = [];
let signals: (AbortSignal | null | undefined)[] = [];

beforeEach(() => {
  asked.length = 0;
  signals = [];
  vi.stubGlobal('window', {});
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    asked.push(address);
    signals.push(init.signal);
    return Promise.resolve(new Response('[]', { status: 200 }));
  });
  vi.resetModules();
});

afterEach(() => vi.unstubAllGlobals());

async function opened(hash: string): Promise<void> {
  vi.stubGlobal('location', { hash });
  await import('../ahead.ts');
}

test('what the console begins with is asked for once, by the page itself', async () => {
  await opened('#/day?region=r1&day=2026-11-23&zone=north');
  expect(asked).toEqual(['/api/board/columns?region_id=r1&day=2026-11-23', '/api/session', '/api/regions']);
  const http = new Http(fetchOrTake);
  new ConsoleApi(http).askAhead('r1', '2026-11-23');
  await new SessionApi(http).current().catch(() => undefined);
  expect(asked).toHaveLength(3);
  await http.get('/api/regions');
  expect(asked).toHaveLength(4);
});

test('a reply that was asked for ahead can still take too long', async () => {
  await opened('#/day?region=r1&day=2026-11-23');
  const stop = new AbortController();
  await fetchOrTake('/api/session', { method: 'GET', signal: stop.signal });
  expect(signals[1]?.aborted).toBe(false);
  stop.abort();
  expect(signals[1]?.aborted).toBe(true);
});

test.each(['', '#/day', '#/day?region=r1', '#/day?region=r1&day=today', '#/intake?region=r1&day=2026-11-23'])(
  'an address that names no day has nothing asked ahead: %s',
  async (hash) => {
    await opened(hash);
    expect(asked).toEqual([]);
  },
);
