import type { Ids } from './ports.ts';

const FIRST_MS = 200;
/** Trying costs nothing when there is no network, and the work should be gone soon after it is back. */
const LONGEST_OFFLINE_MS = 2_000;
const LONGEST_SERVER_MS = 60_000;

type Reason = 'network' | 'server';

/** Doubling waits with jitter, of their own for each reason: hours without signal are no reason to wait a minute
 * when the server stumbles afterwards. Any progress starts over. */
export class BackOff {
  #ids: Ids;
  #failures = { network: 0, server: 0 };

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  next_ms(reason: Reason): number {
    const most = reason === 'network' ? LONGEST_OFFLINE_MS : LONGEST_SERVER_MS;
    const longest = Math.min(FIRST_MS * 2 ** this.#failures[reason], most);
    this.#failures[reason] += 1;
    return longest * (0.5 + this.#ids.random() / 2);
  }

  reset(): void {
    this.#failures = { network: 0, server: 0 };
  }
}
