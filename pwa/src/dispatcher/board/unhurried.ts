/** Does something once it has not been asked for anew for a while; while it is asked for without end, now and then. */

const STILL_MS = 120;
const NOW_AND_THEN_MS = 400;

export class Unhurried {
  readonly #work: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #doneAtMs = Number.NEGATIVE_INFINITY;

  constructor(work: () => void) {
    this.#work = work;
  }

  ask(): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(STILL_MS, this.#doneAtMs + NOW_AND_THEN_MS - performance.now());
    if (waitMs <= 0) this.now();
    else this.#timer = setTimeout(() => this.now(), waitMs);
  }

  now(): void {
    clearTimeout(this.#timer);
    this.#doneAtMs = performance.now();
    this.#work();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#doneAtMs = Number.NEGATIVE_INFINITY;
  }
}
