/** Gathers many small changes and answers them with few requests, never two at once. */

export interface Timer {
  set(run: () => void, afterMs: number): unknown;
  clear(handle: unknown): void;
}

export const browserTimer: Timer = {
  set: (run, afterMs) => setTimeout(run, afterMs),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

/**
 * Calls `flush` with everything added since the last call, `waitMs` after the first addition.
 * While a flush is under way additions wait for it; a failed flush puts its items back and `onError` hears of it.
 */
export class Coalescer<T> {
  readonly #flush: (items: ReadonlySet<T>) => Promise<void>;
  readonly #waitMs: number;
  readonly #timer: Timer;
  readonly #onError: (error: unknown) => void;
  #items = new Set<T>();
  #handle: unknown = null;
  #running = false;
  #closed = false;

  constructor(
    flush: (items: ReadonlySet<T>) => Promise<void>,
    waitMs: number,
    onError: (error: unknown) => void,
    timer: Timer = browserTimer,
  ) {
    this.#flush = flush;
    this.#waitMs = waitMs;
    this.#onError = onError;
    this.#timer = timer;
  }

  add(item: T): void {
    this.#items.add(item);
    this.#arm();
  }

  close(): void {
    this.#closed = true;
    if (this.#handle !== null) this.#timer.clear(this.#handle);
    this.#items.clear();
  }

  #arm(): void {
    if (this.#closed || this.#running || this.#handle !== null || this.#items.size === 0) return;
    this.#handle = this.#timer.set(() => void this.#run(), this.#waitMs);
  }

  async #run(): Promise<void> {
    this.#handle = null;
    this.#running = true;
    const items = this.#items;
    this.#items = new Set();
    try {
      await this.#flush(items);
    } catch (error) {
      for (const item of items) this.#items.add(item);
      this.#onError(error);
    } finally {
      this.#running = false;
      this.#arm();
    }
  }
}
