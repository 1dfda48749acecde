/** What a dispatcher did by hand, so that `u` takes it back and Shift+U does it again. */

export interface Step {
  /** Shown when undone, e.g. the job's number. */
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** A step that could not be taken back or done again; `why` is what the server or the day said. */
export class UndoRefusedError extends Error {
  readonly label: string;

  readonly why: unknown;

  constructor(label: string, why: unknown) {
    super('refused');
    this.label = label;
    this.why = why;
  }
}

export class UndoStack {
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  readonly #limit: number;
  #busy = false;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(limit = 100) {
    this.#limit = limit;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  record(step: Step): void {
    this.#done.push(step);
    if (this.#done.length > this.#limit) this.#done.shift();
    this.#undone.length = 0;
  }

  /**
   * Records a step once its work is done, where it made one; taking back, asked for meanwhile, waits and then
   * means this step.
   */
  async recordAfter<Made>(work: Promise<Made>, step: Step | ((made: Made) => Step | null)): Promise<Made> {
    const recorded = work.then((made) => {
      const done = typeof step === 'function' ? step(made) : step;
      if (done) this.record(done);
      return made;
    });
    this.#underWay = Promise.allSettled([this.#underWay, recorded]);
    return recorded;
  }

  /** Takes the last step back; a step the server refuses to take back is dropped and its error raised. */
  undo(): Promise<Step | null> {
    return this.#shift(this.#done, this.#undone, (step) => step.undo());
  }

  redo(): Promise<Step | null> {
    return this.#shift(this.#undone, this.#done, (step) => step.redo());
  }

  clear(): void {
    this.#done.length = 0;
    this.#undone.length = 0;
  }

  async #shift(from: Step[], to: Step[], run: (step: Step) => Promise<void>): Promise<Step | null> {
    if (this.#busy) return null;
    this.#busy = true;
    try {
      await this.#underWay;
      const step = from.pop();
      if (step) await attempt(step, run);
      if (step) to.push(step);
      return step ?? null;
    } finally {
      this.#busy = false;
    }
  }
}

async function attempt(step: Step, run: (step: Step) => Promise<void>): Promise<void> {
  try {
    await run(step);
  } catch (error) {
    throw new UndoRefusedError(step.label, error);
  }
}
