/** The part of the browser's history that layers need. */
export interface LayerHistory {
  push(): void;
  replace(path: string): void;
  back(steps: number): void;
  /** Runs after what is going on now. */
  later(run: () => void): void;
}

interface Layer {
  close: () => void;
  isOpen: boolean;
}

/** Gives each open sheet an entry of its own in the history, so that the phone's back button closes it. */
export class Layers {
  #history: LayerHistory;
  #open: Layer[] = [];
  /** Entries of sheets that were closed by their own buttons, still to be taken out. */
  #surplus = 0;
  /** Steps back that we took ourselves: nobody pressed the button. */
  #own = 0;

  constructor(history: LayerHistory) {
    this.#history = history;
  }

  open(close: () => void): () => void {
    const layer: Layer = { close, isOpen: true };
    this.#open.push(layer);
    if (this.#surplus > 0) this.#surplus -= 1;
    else this.#history.push();
    return () => this.#release(layer);
  }

  /** The browser went back. True when that closed a sheet or undid our own entry: the screen stays. */
  wentBack(): boolean {
    if (this.#own > 0) {
      this.#own -= 1;
      return true;
    }
    const layer = this.#open.pop();
    if (!layer) return false;
    layer.isOpen = false;
    layer.close();
    return true;
  }

  /** Goes to another screen from within a sheet: its entry becomes the screen's. True when there was one. */
  leaveTo(path: string): boolean {
    if (this.#open.length + this.#surplus === 0) return false;
    for (const layer of this.#open) layer.isOpen = false;
    this.#open = [];
    this.#surplus = 0;
    this.#history.replace(path);
    return true;
  }

  #release(layer: Layer): void {
    if (!layer.isOpen) return;
    layer.isOpen = false;
    this.#open = this.#open.filter((one) => one !== layer);
    this.#surplus += 1;
    this.#history.later(() => this.#takeOut());
  }

  #takeOut(): void {
    if (this.#surplus === 0) return;
    const steps = this.#surplus;
    this.#surplus = 0;
    this.#own += 1;
    this.#history.back(steps);
  }
}
