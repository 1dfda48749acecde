/** Ways out of a day's trouble, as the server works them out and prices them. */

import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Remedy = Schemas['RemedyRead'];
export type Wanted = Schemas['RemedyWanted'];
/** A job that changed, with the version it has now. */
export type Changed = Schemas['ChangedRead'];

/** What the trouble is: one job, or everything a technician still has. */
export type Trouble = { jobId: string } | { technicianId: string };

/** A remedy as it was offered, to be put into force whole or not at all. */
export const asWanted = ({ changes, left }: Remedy) => ({
  changes: changes.map(({ number: _number, ...change }) => change),
  take_back: left.map(({ job_id, version }) => ({ job_id, version })),
});
