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
  const wanted = deeds.map(({ forth }) => forth);
  return day.undo.recordAfter(act(http, day, wanted), (answer) => {
    const done = new Set(answer.done.map(({ job_id }) => job_id));
    const forth = wanted.filter(({ job_id }) => done.has(job_id));
    const back = deeds.flatMap((one) => one.back ?? []).filter(({ job_id }) => done.has(job_id));
    if (back.length === 0 || back.length !== forth.length) return null;
    return { label, undo: () => again(http, day, back), redo: () => again(http, day, forth) };
  });
}

async function again(http: Http, day: ManyHands, jobs: readonly JobSteps[]): Promise<void> {
  const onOwn = jobs.map((job) => ({ ...job, version: day.hand.own.get(job.job_id) ?? job.version }));
  const { refused } = await act(http, day, onOwn);
  if (refused.length > 0) throw new MovedOnError(refused.map(({ number }) => number));
}

async function act(http: Http, day: ManyHands, jobs: readonly JobSteps[]): Promise<ManyAnswer> {
  const answer = await actOnMany(http, jobs);
  know(day, answer);
  return answer;
}

function know(day: ManyHands, { done }: ManyAnswer): void {
  for (const { job_id, version } of done) day.hand.own.set(job_id, version);
  day.refresh();
}
