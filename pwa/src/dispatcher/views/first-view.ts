/** What a person's console opens with: kept by the server, and by this browser so that opening waits for nothing. */

import type { FirstView } from './wire.ts';

const storageKey = (accountId: string): string => `shangmen.console.first-view.${accountId}`;

/** The query this browser knows; "" for none. */
export const knownFirst = (accountId: string): string => localStorage.getItem(storageKey(accountId)) ?? '';

export function rememberFirst(accountId: string, { query }: Pick<FirstView, 'query'>): void {
  if (query) localStorage.setItem(storageKey(accountId), query);
  else localStorage.removeItem(storageKey(accountId));
}

/**
 * Opens at once with what this browser knows, then with what the server says if that differs. `open` is told
 * the query and the one it replaces; where somebody has looked elsewhere meanwhile it leaves them there.
 */
export async function openFirst(
  accountId: string,
  ask: () => Promise<FirstView>,
  open: (query: string, instead: string) => void,
): Promise<void> {
  const known = knownFirst(accountId);
  if (known) open(known, '');
  const said = await ask();
  // Chosen anew while the reply was under way: that counts.
  if (knownFirst(accountId) !== known) return;
  rememberFirst(accountId, said);
  if (said.query !== known) open(said.query, known);
}
