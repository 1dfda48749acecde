import type { AskedJob, DeclineOffer, OffersApi } from '../../api/offers.ts';
import { ApiError, NetworkError } from '../../api/problem.ts';

/** What became of an answer: `over` when somebody else was first or time ran out. */
export type Heard = 'done' | 'over' | 'offline' | 'refused';

/** The jobs this technician is asked about now, the most urgent first. */
export class AskedJobs {
  list = $state.raw<readonly AskedJob[]>([]);
  readonly #api: Pick<OffersApi, 'mine' | 'accept' | 'decline'>;
  /** Called with what is answered or no longer asked: its alert has had its day. */
  readonly #onOver: (offerId: string) => void;
  #looks = 0;

  constructor(
    api: Pick<OffersApi, 'mine' | 'accept' | 'decline'>,
    onOver: (offerId: string) => void = () => undefined,
  ) {
    this.#api = api;
    this.#onOver = onOver;
  }

  /** Asks the server; without an answer what was known stays, as every offer shows until when it stands. */
  async look(): Promise<void> {
    const mine = ++this.#looks;
    try {
      const list = await this.#api.mine();
      if (mine !== this.#looks) return;
      for (const { offer_id } of this.list)
        if (!list.some((one) => one.offer_id === offer_id)) this.#onOver(offer_id);
      this.list = list;
    } catch (error) {
      if (!(error instanceof NetworkError || error instanceof ApiError)) throw error;
    }
  }

  accept(offerId: string): Promise<Heard> {
    return this.#answer(() => this.#api.accept(offerId));
  }

  decline(offerId: string, no: DeclineOffer): Promise<Heard> {
    return this.#answer(() => this.#api.decline(offerId, no));
  }

  async #answer(say: () => Promise<unknown>): Promise<Heard> {
    try {
      await say();
    } catch (error) {
      if (error instanceof NetworkError) return 'offline';
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 404 && error.status !== 409) return 'refused';
      await this.look();
      return 'over';
    }
    await this.look();
    return 'done';
  }
}
