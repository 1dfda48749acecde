/** Saved views as they are known here: what is chosen shows at once, and a reply that was asked for earlier does not undo it. */

import { rememberFirst } from './first-view.ts';
import type { SavedView, ViewsApi } from './wire.ts';

type Api = Pick<ViewsApi, 'list' | 'first' | 'beginWith'>;

export class KnownViews {
  all = $state.raw<readonly SavedView[] | null>(null);
  /** The one the console opens with. */
  firstId = $state<string | null>(null);
  hasFailed = $state(false);
  readonly #api: Api;
  readonly #accountId: () => string;
  /** Goes up with every question and every change: only an answer to the newest counts. */
  #turn = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(api: Api, accountId: () => string) {
    this.#api = api;
    this.#accountId = accountId;
  }

  readonly load = async (): Promise<void> => {
    const turn = this.#next();
    try {
      const [found, first] = await Promise.all([this.#api.list(), this.#api.first()]);
      if (turn !== this.#turn) return;
      this.all = found;
      this.firstId = first.view_id;
      this.hasFailed = false;
      rememberFirst(this.#accountId(), first);
    } catch {
      if (turn === this.#turn) this.hasFailed = true;
    }
  };

  /** A change of the list, then the list anew. */
  async changed<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#next();
    try {
      return await work();
    } finally {
      if (turn === this.#turn) await this.load();
    }
  }

  /** One choice after the other, so that the last that was made is the one the server has. */
  async beginWith(view: SavedView | null): Promise<void> {
    const turn = this.#next();
    this.firstId = view?.id ?? null;
    const sent = this.#last.then(() => this.#api.beginWith(view));
    this.#last = sent.catch(() => undefined);
    try {
      await sent;
    } finally {
      if (turn === this.#turn) await this.load();
    }
  }

  #next(): number {
    this.#turn += 1;
    return this.#turn;
  }
}
