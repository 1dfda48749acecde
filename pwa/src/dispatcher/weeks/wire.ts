/** A week as the server tells it, and asking for it. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Week = Schemas['Week'];
export type TechnicianWeek = Schemas['TechnicianWeek'];
export type TechnicianDay = Schemas['TechnicianDay'];
export type Waiting = Schemas['WaitingRead'];
export type Opening = Schemas['OpeningRead'];
export type Openings = Schemas['OpeningsRead'];
export type Move = Schemas['MoveWanted'];
export type Moved = Schemas['VisitMoved'];

/** The week, Monday first, that the day lies in. */
export const weekOf = (http: Http, regionId: string, day: string): Promise<Week> =>
  http.get('/api/week', { region_id: regionId, day });

/** What nobody has yet in that week, day by day. */
export const waitingIn = (http: Http, regionId: string, day: string): Promise<Waiting[]> =>
  http.get('/api/week/waiting', { region_id: regionId, day });

/** Where a visit could go on a day; asked about one technician, also what it would change. */
export const openingsOn = (
  http: Http,
  jobId: string,
  day: string,
  technicianId: string | null,
): Promise<Openings> =>
  http.get(`/api/jobs/${jobId}/openings`, { day, ...(technicianId ? { technician_id: technicianId } : {}) });

/** All of it or nothing; what comes back has the move that undoes it. */
export const moveVisit = (http: Http, jobId: string, move: Move): Promise<Moved> =>
  http.post(`/api/jobs/${jobId}/openings`, move);

const withoutNumber = ({ number: _number, ...change }: Opening['changes'][number]) => change;

export const asMove = (version: number, { window, changes }: Opening): Move => ({
  version,
  window_start: window.start,
  window_end: window.end,
  changes: changes.map(withoutNumber),
});

export const backAsMove = ({ back }: Moved): Move => ({
  ...back,
  changes: back.changes.map(withoutNumber),
});
