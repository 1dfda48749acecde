/** Saved views, and asking for them. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

export type SavedView = components['schemas']['ViewRead'];
export type ViewWanted = components['schemas']['ViewWanted'];

export class ViewsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(): Promise<SavedView[]> {
    return this.#http.get('/api/views');
  }

  /** One's own of the same name is replaced. */
  save(wanted: ViewWanted): Promise<SavedView> {
    return this.#http.post('/api/views', wanted);
  }

  /** 409 `name_taken` when another of one's own has the name. */
  change({ id }: SavedView, wanted: ViewWanted): Promise<SavedView> {
    return this.#http.json('PUT', `/api/views/${id}`, { body: wanted });
  }

  forget({ id }: SavedView): Promise<void> {
    return this.#http.delete(`/api/views/${id}`);
  }
}
