/** Saved views, and asking for them. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

export type SavedView = components['schemas']['ViewRead'];
export type FirstView = components['schemas']['FirstRead'];
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

  /** What the console opens with, on whatever computer; `view_id` is null without. */
  first(): Promise<FirstView> {
    return this.#http.get('/api/views/first');
  }

  beginWith(view: SavedView | null): Promise<void> {
    return this.#http.json('PUT', '/api/views/first', { body: { view_id: view?.id ?? null } });
  }

  forget({ id }: SavedView): Promise<void> {
    return this.#http.delete(`/api/views/${id}`);
  }
}
