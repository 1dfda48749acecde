/** What would let in a job that nobody has: asked of the server, done in one call, taken back in one. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';
import type { DayStore } from '../day/day-store.svelte.ts';
import { say } from '../plan/words.ts';

export type WayIn = components['schemas']['WayInRead'];
type Relaxation = components['schemas']['RelaxationRead'];

export interface Chosen {
  jobId: string;
  number: string;
  way: WayIn;
  reason: string;
}

export async function askWaysIn(http: Http, jobId: string): Promise<WayIn[]> {
  return (await http.get<{ ways: WayIn[] }>(`/api/jobs/${jobId}/ways-in`)).ways;
}

/** All of it or nothing, and one step of undo; doing it again asks for the way anew. */
export async function letIn(http: Http, store: DayStore, chosen: Chosen): Promise<void> {
  let made: Relaxation;
  const put = async (way: WayIn): Promise<void> => {
    made = await http.post<Relaxation>(`/api/jobs/${chosen.jobId}/ways-in`, bodyOf(way, chosen.reason));
    store.refresh();
  };
  await store.undo.recordAfter(put(chosen.way), {
    label: say('ways.undo', { number: chosen.number }),
    undo: async () => {
      await http.post(`/api/relaxations/${made.id}/undo`, {});
      store.refresh();
    },
    redo: async () => {
      const same = (await askWaysIn(http, chosen.jobId)).find(({ bend }) => bend === chosen.way.bend);
      if (same) await put(same);
    },
  });
}

function bodyOf({ bend, subject, part, amount, changes }: WayIn, reason: string): unknown {
  // The number is for people; the server knows jobs by their ids.
  const wanted = changes.map(({ number: _, ...change }) => change);
  return { bend, subject, part, amount, reason, changes: wanted };
}
