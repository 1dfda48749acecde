/** A week as the server tells it, and asking for it. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

export type Week = components['schemas']['Week'];
export type TechnicianWeek = components['schemas']['TechnicianWeek'];
export type TechnicianDay = components['schemas']['TechnicianDay'];

/** The week, Monday first, that the day lies in. */
export const weekOf = (http: Http, regionId: string, day: string): Promise<Week> =>
  http.get('/api/week', { region_id: regionId, day });
