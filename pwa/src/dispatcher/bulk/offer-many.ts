/** Offers several jobs, each to the people who suit it best; one step of undo takes all of them back. */

import { ApiError } from '../../api/problem.ts';
import type { ConsoleApi, OfferWish } from '../api/console-api.ts';
import type { Hands } from '../day/hand-work.ts';
import type { Visit } from '../day/visit.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { Refusal } from './wire.ts';

const BEST = 3;
const MINUTES = 15;

export interface Offered {
  readonly done: number;
  readonly refused: readonly Refusal[];
}

/** One after the other: who is asked about one job is busier for the next. */
export async function offerMany(api: ConsoleApi, day: Hands, visits: readonly Visit[]): Promise<Offered> {
  let offerIds: string[] = [];
  const wishes: { visit: Visit; wish: OfferWish }[] = [];
  const refused: Refusal[] = [];
  for (const visit of visits) {
    try {
      const wish = await wishFor(api, visit);
      if (wish.candidates.length === 0) {
        refused.push(refusalOf(visit, 'nobody', t('bulk.nobody')));
        continue;
      }
      offerIds.push((await api.offer(visit.jobId, wish)).id);
      wishes.push({ visit, wish });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused.push(refusalOf(visit, error.code, error.problem.detail ?? ''));
    }
  }
  day.refresh();
  if (wishes.length === 0) return { done: 0, refused };
  day.undo.record({
    label: t('undo.bulk', { what: t('bulk.offer'), count: wishes.length }),
    undo: async () => {
      for (const id of offerIds) await api.withdrawOffer(id);
      day.refresh();
    },
    redo: async () => {
      offerIds = [];
      for (const { visit, wish } of wishes) {
        const version = day.model.confirmed(visit.jobId)?.version ?? wish.version;
        offerIds.push((await api.offer(visit.jobId, { ...wish, version })).id);
      }
      day.refresh();
    },
  });
  return { done: wishes.length, refused };
}

async function wishFor(api: ConsoleApi, { jobId, version }: Visit): Promise<OfferWish> {
  const ranked = (await api.candidates(jobId)).slice(0, BEST);
  const candidates = ranked.map(({ technician_id, vendor_id, start }) => ({
    technician_id,
    vendor_id,
    start,
  }));
  return { version, mode: 'ranked', minutes: MINUTES, candidates, count: candidates.length };
}

const refusalOf = ({ jobId, number }: Visit, code: string, detail: string): Refusal => ({
  job_id: jobId,
  number,
  code,
  detail,
});
