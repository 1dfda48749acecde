const QUIET_MS = 180;

/** Asks when typing pauses; an answer that comes after a newer question is dropped. */
export class WhileTyping {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  ask<T>(question: () => Promise<T>, answer: (found: T) => void): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    const turn = this.#turn;
    this.#timer = setTimeout(() => {
      question().then(
        (found) => {
          if (turn === this.#turn) answer(found);
        },
        () => undefined, // hints are a help; saving says what is wrong
      );
    }, QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}
