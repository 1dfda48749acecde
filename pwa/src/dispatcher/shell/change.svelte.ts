import { toasts } from '../../ui/toasts.svelte.ts';
import { explainError } from '../explain-error.ts';

/** A change sent to the server: `isBusy` meanwhile, and a word on the screen about how it went. */
export class Change {
  isBusy = $state(false);

  /** True if it was done; `said` tells the user so. */
  async run(work: () => Promise<unknown>, said = ''): Promise<boolean> {
    this.isBusy = true;
    try {
      await work();
      if (said) toasts.show(said, 'good');
      return true;
    } catch (failure) {
      toasts.show(explainError(failure), 'bad');
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
