import type { Ids } from './ports.ts';

const FIRST_MS = 500;
export const LONGEST_MS = 60_000;

/** Doubling waits with jitter; any progress starts over. */
export class BackOff {
  #ids: Ids;
  #failures = 0;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  next_ms(): number {
    const longest = Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS);
    this.#failures += 1;
    return longest * (0.5 + this.#ids.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
