/** E-mails from customers, as the server tells of them. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';
import type { Part } from '../shell/parts.svelte.ts';

export type Letter = components['schemas']['LetterRead'];

/** Those that wait for somebody, or those that are done with; newest first, with these words somewhere. */
export const letters = (
  http: Http,
  isSettled: boolean,
  q: string,
  after: string | null,
): Promise<Part<Letter>> =>
  http.get('/api/letters', { settled: String(isSettled), q: q.trim(), ...(after ? { after } : {}) });

/** One that waits; 409 `letter_settled` when it has been dealt with. */
export const waitingLetter = (http: Http, id: string): Promise<Letter> => http.get(`/api/letters/${id}`);

/** 409 `letter_settled` when somebody was faster. */
export const dismiss = (http: Http, { id }: Letter, reason: string): Promise<void> =>
  http.post(`/api/letters/${id}/dismiss`, { reason });
