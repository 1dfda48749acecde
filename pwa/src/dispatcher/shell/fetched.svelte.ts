/** What a screen asked the server for: not here yet, here, or why not. Asked again, the earlier answer stays until the new one is here. */
export class Fetched<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  readonly #ask: () => Promise<T>;
  #turn = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  readonly load = async (): Promise<void> => {
    this.error = null;
    await this.#turnTo((failure) => {
      this.error = failure;
    });
  };

  /** Asks again behind what is shown; where that fails, it stays as it was. */
  readonly refresh = (): Promise<void> => this.#turnTo(() => undefined);

  /** An answer that comes after a newer question is dropped. */
  async #turnTo(onFailure: (failure: unknown) => void): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const answer = await this.#ask();
      if (turn === this.#turn) this.value = answer;
    } catch (failure) {
      if (turn === this.#turn) onFailure(failure);
    }
  }
}
