/**
 * Asks for what the console begins with before its own script has been fetched and read: a file of its own, the first
 * one of the page. Whoever then asks for the same takes the reply that is under way.
 */

import type { Ahead } from './api/asked-ahead.ts';

// The page runs it as a plain script: names outside the block would be everybody's.
{
  const [screen, query] = location.hash.split('?');
  const told = new URLSearchParams(query);
  const [region_id, day] = [told.get('region'), told.get('day')];

  const ask = (address: string): [string, Ahead] => {
    const stop = new AbortController();
    const reply = fetch(address, {
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
      signal: stop.signal,
    });
    reply.catch(() => undefined); // told to whoever takes it
    return [address, { reply, stop }];
  };

  if (screen === '#/day' && region_id && day && /^\d{4}-\d\d-\d\d$/.test(day)) {
    const where = new URLSearchParams({ region_id, day });
    window.askedAhead = new Map([`/api/board/columns?${where}`, '/api/session', '/api/regions'].map(ask));
  }
}
