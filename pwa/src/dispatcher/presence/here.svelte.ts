/** Who else looks at this day: said by every window now and then, heard over the feed. */

import type { components } from '../../api/schema';
import type { ConsoleApi } from '../api/console-api.ts';

export type Present = components['schemas']['PresentRead'];
export type Whereabouts = components['schemas']['PresenceWanted'];

const SAY_EVERY_MS = 20_000;
/** Clicking through a list is no news until one stays. */
const SETTLED_AFTER_MS = 300;

export class Here {
  others = $state.raw<readonly Present[]>([]);
  readonly #api: ConsoleApi;
  readonly #regionId: string;
  readonly #day: string;
  readonly #window = crypto.randomUUID();
  #jobId: string | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(api: ConsoleApi, regionId: string, day: string) {
    this.#api = api;
    this.#regionId = regionId;
    this.#day = day;
  }

  open(): void {
    this.#ticker = setInterval(() => void this.#say(), SAY_EVERY_MS);
    void this.#say();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#settling);
    // Whoever cannot say goodbye is gone after a minute.
    void this.#api.leave(this.#window).catch(() => undefined);
  }

  /** The job this window has open now. */
  look(jobId: string | null): void {
    this.#jobId = jobId;
    clearTimeout(this.#settling);
    if (!this.#isClosed) this.#settling = setTimeout(() => void this.#say(), SETTLED_AFTER_MS);
  }

  /** Somebody came, went or opened something. */
  async hear(): Promise<void> {
    await this.#take(this.#api.present(this.#regionId, this.#day));
  }

  /** Who has the same job open. */
  at(jobId: string): readonly Present[] {
    return this.others.filter(({ job_id }) => job_id === jobId);
  }

  #say(): Promise<void> {
    const where = { window: this.#window, region_id: this.#regionId, day: this.#day, job_id: this.#jobId };
    return this.#take(this.#api.bePresent(where));
  }

  async #take(asked: Promise<Present[]>): Promise<void> {
    try {
      const others = await asked;
      if (!this.#isClosed) this.others = others;
    } catch {
      this.others = []; // who is here is not known just now; the next word of it comes within seconds
    }
  }
}
