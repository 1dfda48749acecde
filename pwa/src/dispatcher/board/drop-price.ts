/** What a dragged visit would cost with each technician: asked once, when it is picked up. */

import type { Visit } from '../day/visit.ts';
import type { Openings } from '../weeks/wire.ts';

export interface Price {
  readonly fen: number;
  /** Whether it is told against the place the visit has now. */
  readonly isDifference: boolean;
}

export class DropPrice {
  readonly #ask: (jobId: string) => Promise<Openings>;
  readonly #told: () => void;
  #jobId = '';
  #openings: Openings['openings'] = [];

  /** `told` is called once the prices are known. */
  constructor(ask: (jobId: string) => Promise<Openings>, told: () => void) {
    this.#ask = ask;
    this.#told = told;
  }

  lift({ jobId }: Visit): void {
    this.#jobId = jobId;
    this.#openings = [];
    const keep = ({ openings }: Openings): void => {
      if (this.#jobId !== jobId) return;
      this.#openings = openings;
      this.#told();
    };
    // Without an answer the visit can be dropped all the same.
    this.#ask(jobId).then(keep, () => undefined);
  }

  /** Null while it is not known, or where that technician has no room in those hours. */
  at({ jobId, technicianId, planned }: Visit, toTechnicianId: string, startMs: number): Price | null {
    if (jobId !== this.#jobId) return null;
    const there = this.#cheapest(toTechnicianId, startMs);
    if (there === null || technicianId === null || planned === null) {
      return there === null ? null : { fen: there, isDifference: false };
    }
    const here = this.#cheapest(technicianId, planned.startMs);
    return here === null ? null : { fen: there - here, isDifference: true };
  }

  /** The least one technician costs in the windows that an instant lies in. */
  #cheapest(technicianId: string, atMs: number): number | null {
    const prices = this.#openings
      .filter(({ technician_id, window: { start, end } }) => {
        return technician_id === technicianId && Date.parse(start) <= atMs && atMs < Date.parse(end);
      })
      .map(({ price_fen }) => price_fen);
    return prices.length > 0 ? Math.min(...prices) : null;
  }
}
