/**
 * Reads again and again until nobody has asked for a newer reading.
 *
 * Whoever asks is answered once everything written before the question has been read, also when a reading
 * was under way: that one may have begun before what the asker has just written.
 */
export class Latest {
  readonly #read: () => Promise<void>;
  #isAsked = false;
  #underWay: Promise<void> | null = null;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  ask(): Promise<void> {
    this.#isAsked = true;
    this.#underWay ??= this.#readAll();
    return this.#underWay;
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        await this.#read();
      }
    } finally {
      this.#underWay = null;
    }
  }
}
