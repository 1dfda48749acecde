/** Replies that the page asked for before the console's script was there, each to be used once. */

export interface Ahead {
  readonly reply: Promise<Response>;
  readonly stop: AbortController;
}

declare global {
  interface Window {
    /** By address. */
    askedAhead?: Map<string, Ahead>;
  }
}

/** As `fetch`, but what has been asked for already is not asked for again. */
export function fetchOrTake(address: string, init: RequestInit): Promise<Response> {
  const ahead = init.method === 'GET' ? window.askedAhead?.get(address) : undefined;
  if (!ahead) return fetch(address, init);
  window.askedAhead?.delete(address);
  init.signal?.addEventListener('abort', () => ahead.stop.abort());
  return ahead.reply;
}
