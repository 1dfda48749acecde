/** Offers several jobs, each to the people who suit it best; one step of undo takes all of them back. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';
import type { ConsoleApi } from '../api/console-api.ts';
import type { Hands } from '../day/hand-work.ts';
import type { Step } from '../day/undo-stack.ts';
import type { Visit } from '../day/visit.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { Refusal } from './wire.ts';

type ManyOffers = components['schemas']['ManyOffers'];
type Made = ManyOffers['made'][number];

const BEST = 3;
const MINUTES = 15;
/** Jobs in one request: ranking takes the server some 30 ms each, and how far it is can be told between two. */
const AT_ONCE = 8;

interface Wanted {
  readonly job_id: string;
  readonly version: number;
}

export interface Offered {
  readonly done: number;
  readonly refused: readonly Refusal[];
}

/** Somebody who follows how far it is and may end it. */
export interface Follower {
  onAnswered(jobs: number): void;
  isEnough(): boolean;
}

const NOBODY: Follower = { onAnswered: () => undefined, isEnough: () => false };

/** A few jobs after the other; each is offered or refused by itself. */
async function* offering(
  http: Http,
  jobs: readonly Wanted[],
  follower: Follower,
): AsyncGenerator<ManyOffers> {
  for (let from = 0; from < jobs.length && !follower.isEnough(); from += AT_ONCE) {
    const part = jobs.slice(from, from + AT_ONCE);
    yield await http.post<ManyOffers>('/api/offers/many', {
      jobs: part,
      mode: 'ranked',
      minutes: MINUTES,
      count: BEST,
    });
    follower.onAnswered(from + part.length);
  }
}

/** What was offered before it failed or was ended can be taken back like the whole. */
export async function offerMany(
  http: Http,
  api: Pick<ConsoleApi, 'withdrawOffer'>,
  day: Hands,
  visits: readonly Visit[],
  follower = NOBODY,
): Promise<Offered> {
  const jobs = visits.map(({ jobId, version }) => ({ job_id: jobId, version }));
  const made: Made[] = [];
  const refused: Refusal[] = [];
  const offered = (async () => {
    for await (const part of offering(http, jobs, follower)) {
      made.push(...part.made);
      refused.push(...part.refused);
    }
  })();
  const ended = offered.catch(() => undefined);
  await day.undo.recordAfter(ended, () => (made.length > 0 ? takingBack(http, api, day, made) : null));
  day.refresh();
  await offered;
  return { done: made.length, refused };
}

function takingBack(
  http: Http,
  api: Pick<ConsoleApi, 'withdrawOffer'>,
  day: Hands,
  made: readonly Made[],
): Step {
  let offers = made;
  return {
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
      const anew: Made[] = [];
      for await (const part of offering(http, again, NOBODY)) anew.push(...part.made);
      offers = anew;
      day.refresh();
    },
  };
}
