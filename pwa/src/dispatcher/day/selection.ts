/** The one selection that board, map and lists share. */

export interface Selected {
  readonly jobId: string | null;
  readonly technicianId: string | null;
}

export type Origin = 'board' | 'map' | 'list' | 'keyboard' | 'link';

type Listener = (selected: Selected, origin: Origin) => void;

const NOTHING: Selected = { jobId: null, technicianId: null };

export class Selection {
  #current: Selected = NOTHING;
  readonly #listeners = new Set<Listener>();

  get current(): Selected {
    return this.#current;
  }

  job(jobId: string, technicianId: string | null, origin: Origin): void {
    this.#set({ jobId, technicianId }, origin);
  }

  technician(technicianId: string, origin: Origin): void {
    this.#set({ jobId: null, technicianId }, origin);
  }

  clear(origin: Origin): void {
    this.#set(NOTHING, origin);
  }

  /** Calls back on every change, with the view it came from so that one need not scroll itself. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(next: Selected, origin: Origin): void {
    if (next.jobId === this.#current.jobId && next.technicianId === this.#current.technicianId) return;
    this.#current = next;
    for (const listener of this.#listeners) listener(next, origin);
  }
}
