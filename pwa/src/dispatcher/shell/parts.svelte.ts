import { toasts } from '../../ui/toasts.svelte.ts';
import { explainFailedRead } from '../explain-error.ts';
import { Fetched } from './fetched.svelte.ts';

/** A list as the server gives it: `next` is where the following part begins, null at the end. */
export interface Part<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A list that is fetched part by part. */
export class Parts<T> extends Fetched<Part<T>> {
  isBusy = $state(false);
  readonly #askPart: (after: string | null) => Promise<Part<T>>;

  constructor(ask: (after: string | null) => Promise<Part<T>>) {
    super(() => ask(null));
    this.#askPart = ask;
  }

  /** The part after what is shown; where something else was asked for meanwhile, it is dropped. */
  readonly more = async (): Promise<void> => {
    const shown = this.value;
    if (!shown?.next || this.isBusy) return;
    this.isBusy = true;
    try {
      const { items, next } = await this.#askPart(shown.next);
      if (this.value === shown) this.value = { items: [...shown.items, ...items], next };
    } catch (failure) {
      toasts.show(explainFailedRead(failure), 'bad');
    } finally {
      this.isBusy = false;
    }
  };
}
