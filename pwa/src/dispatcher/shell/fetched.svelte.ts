/** What a screen asked the server for: not here yet, here, or why not. Asked again, the earlier answer stays until the new one is here. */
export class Fetched<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  readonly #ask: () => Promise<T>;
  #turn = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** An answer that comes after a newer question is dropped. */
  readonly load = async (): Promise<void> => {
    this.#turn += 1;
    const turn = this.#turn;
    this.error = null;
    try {
      const answer = await this.#ask();
      if (turn === this.#turn) this.value = answer;
    } catch (failure) {
      if (turn === this.#turn) this.error = failure;
    }
  };
}
