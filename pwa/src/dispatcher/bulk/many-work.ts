/** Puts deeds into force, names what was refused, and undoes them in one step. */

import type { Http } from '../../api/http.ts';
import { type Hands, MovedOnError } from '../day/hand-work.ts';
import type { Deed } from './deeds.ts';
import { actOnMany, type JobSteps, type ManyAnswer } from './wire.ts';

/** The day, and the version each job had after this person's last change of it. */
export interface ManyHands extends Hands {
  readonly hand: { readonly own: Map<string, number> };
}

export const rehearse = (http: Http, deeds: readonly Deed[]): Promise<ManyAnswer> =>
  actOnMany(
    http,
    deeds.map(({ forth }) => forth),
    true,
  );

/** What was refused stays as it was; what was done is one step of undo, when all of it can be taken back. */
export async function doMany(
  http: Http,
  day: ManyHands,
  deeds: readonly Deed[],
  label: string,
): Promise<ManyAnswer> {
  const answer = await actOnMany(
    http,
    deeds.map(({ forth }) => forth),
  );
  know(day, answer);
  const done = new Set(answer.done.map(({ job_id }) => job_id));
  const forth = deeds.map((one) => one.forth).filter(({ job_id }) => done.has(job_id));
  const back = deeds.flatMap((one) => one.back ?? []).filter(({ job_id }) => done.has(job_id));
  if (back.length > 0 && back.length === forth.length) {
    day.undo.record({ label, undo: () => again(http, day, back), redo: () => again(http, day, forth) });
  }
  return answer;
}

async function again(http: Http, day: ManyHands, jobs: readonly JobSteps[]): Promise<void> {
  const onOwn = jobs.map((job) => ({ ...job, version: day.hand.own.get(job.job_id) ?? job.version }));
  const answer = await actOnMany(http, onOwn);
  know(day, answer);
  if (answer.refused.length > 0) throw new MovedOnError(answer.refused.map(({ number }) => number));
}

function know(day: ManyHands, { done }: ManyAnswer): void {
  for (const { job_id, version } of done) day.hand.own.set(job_id, version);
  day.refresh();
}
