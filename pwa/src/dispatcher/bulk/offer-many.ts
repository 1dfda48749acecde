/** Offers several jobs, each to the people who suit it best; one step of undo takes all of them back. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';
import type { ConsoleApi } from '../api/console-api.ts';
import type { Hands } from '../day/hand-work.ts';
import type { Visit } from '../day/visit.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { Refusal } from './wire.ts';

type ManyOffers = components['schemas']['ManyOffers'];

const BEST = 3;
const MINUTES = 15;

export interface Offered {
  readonly done: number;
  readonly refused: readonly Refusal[];
}

/** One request; each job is offered or refused by itself. */
const offerAll = (http: Http, jobs: readonly { job_id: string; version: number }[]): Promise<ManyOffers> =>
  http.post('/api/offers/many', { jobs, mode: 'ranked', minutes: MINUTES, count: BEST });

export async function offerMany(
  http: Http,
  api: Pick<ConsoleApi, 'withdrawOffer'>,
  day: Hands,
  visits: readonly Visit[],
): Promise<Offered> {
  const { made, refused } = await offerAll(
    http,
    visits.map(({ jobId, version }) => ({ job_id: jobId, version })),
  );
  day.refresh();
  if (made.length === 0) return { done: 0, refused };
  let offers = made;
  day.undo.record({
    label: t('undo.bulk', { what: t('bulk.offer'), count: made.length }),
    undo: async () => {
      for (const { offer_id } of offers) await api.withdrawOffer(offer_id);
      day.refresh();
    },
    redo: async () => {
      const again = made.map(({ job_id }) => ({
        job_id,
        version: day.model.confirmed(job_id)?.version ?? 0,
      }));
      offers = (await offerAll(http, again)).made;
      day.refresh();
    },
  });
  return { done: made.length, refused };
}
