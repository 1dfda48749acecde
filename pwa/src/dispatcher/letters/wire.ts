/** E-mails from customers, as the server tells of them. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

export type Letter = components['schemas']['LetterRead'];

/** Those that wait for somebody, or those that are done with; newest first. */
export const letters = (http: Http, isSettled = false): Promise<Letter[]> =>
  http.get('/api/letters', { settled: String(isSettled) });

/** 409 `letter_settled` when somebody was faster. */
export const dismiss = (http: Http, { id }: Letter, reason: string): Promise<void> =>
  http.post(`/api/letters/${id}/dismiss`, { reason });
