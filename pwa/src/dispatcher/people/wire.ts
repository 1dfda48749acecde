/** The office's people as the server tells of them. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema.d.ts';

type Schemas = components['schemas'];
export type Technician = Schemas['TechnicianShown'];
export type Hours = Schemas['Hours'];
export type WorkingDay = Schemas['WorkingDayRead'];
export type PairingCode = Schemas['PairingCodeRead'];

/** As many as the server tells of. */
export const MOST_PEOPLE = 2000;

export class PeopleApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  readonly all = (): Promise<Technician[]> => this.#http.get('/api/technicians');

  pairingCode(id: string): Promise<PairingCode> {
    return this.#http.post(`/api/technicians/${id}/pairing-code`);
  }

  /** Seven days from one on. */
  days(id: string, day: string): Promise<WorkingDay[]> {
    return this.#http.get(`/api/technicians/${id}/shifts`, { day });
  }

  /** Null for a free day; refused when the day is no longer as it `was`. */
  setHours(id: string, day: string, hours: Hours | null, was: Hours | null): Promise<WorkingDay> {
    return this.#http.json('PUT', `/api/technicians/${id}/shifts/${day}`, { body: { hours, was } });
  }

  setPicture(path: string, file: File): Promise<void> {
    return this.#http.json('PUT', path, { body: file });
  }

  remove(path: string): Promise<void> {
    return this.#http.delete(path);
  }
}
