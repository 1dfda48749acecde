/** Work for when the browser has nothing else to do, a piece at a time. */

/** Where the browser does not tell when it is at rest, this long after the last piece. */
const WITHOUT_TELLING_MS = 50;

export class Leisure {
  readonly #work: () => void;
  #handle = 0;
  #timer = 0;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Has one piece of work done once this much time is over; of several who wait only the last one is heard. */
  askIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.ask(), ms);
  }

  /** Has one piece of work done soon; asking again before it was is the same. */
  ask(): void {
    if (this.#handle !== 0) return;
    const run = (): void => {
      this.#handle = 0;
      this.#work();
    };
    this.#handle = hasIdle ? requestIdleCallback(run) : window.setTimeout(run, WITHOUT_TELLING_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    if (hasIdle) cancelIdleCallback(this.#handle);
    else clearTimeout(this.#handle);
    this.#handle = 0;
  }
}

const hasIdle = 'requestIdleCallback' in window;
