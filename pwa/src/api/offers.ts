import type { Http } from './http.ts';
import type { components } from './schema';
import type { SessionApi } from './session.ts';

type Schemas = components['schemas'];

/** A job somebody is asked to take: what, where about, when and for how much; not yet whose door it is. */
export type AskedJob = Schemas['AskedRead'];
export type DeclineOffer = Schemas['OfferNo'];

/** Jobs one is asked about. Only the network knows who was first, so nothing here waits on the phone. */
export class OffersApi {
  readonly #http: Http;
  readonly #session: SessionApi;

  constructor(http: Http, session: SessionApi) {
    this.#http = http;
    this.#session = session;
  }

  mine(): Promise<AskedJob[]> {
    return this.#http.get<AskedJob[]>('/api/offers/mine');
  }

  /** What one's vendor has taken and given to nobody yet. */
  held(): Promise<AskedJob[]> {
    return this.#http.get<AskedJob[]>('/api/offers/held');
  }

  /** Returns a job that was taken and given to nobody. */
  giveBack(offerId: string, no: DeclineOffer): Promise<unknown> {
    return this.#answer(offerId, 'give-back', no);
  }

  /** Throws `ApiError` with `offer_over` when somebody else was first or time ran out. */
  accept(offerId: string): Promise<unknown> {
    return this.#answer(offerId, 'accept', {});
  }

  decline(offerId: string, no: DeclineOffer): Promise<unknown> {
    return this.#answer(offerId, 'decline', no);
  }

  async #answer(offerId: string, said: string, body: object): Promise<unknown> {
    if (!this.#http.csrfToken) await this.#session.current();
    return this.#http.post(`/api/offers/${offerId}/${said}`, body);
  }
}
