/** Everything the console asks of the server, one method per question. */

import type { Http } from '../../api/http.ts';
import { dayFromWire, dayFromWireInSlices } from '../day/columns.ts';
import type { DayBoard } from '../day/day-model.ts';
import type { LatLng, WireBoard, WireRows } from '../day/wire.ts';
import type { Exception } from '../exceptions/wire.ts';
import type { ImportOutcome, ImportRow, ImportRun } from '../imports/wire.ts';
import type { QuoteRecord } from '../job/quotes.ts';
import type { JobEvent, JobRead } from '../job/wire.ts';
import type { OfferMode, OfferRead, RankedRead } from '../offers/wire.ts';
import type { Found, Hit } from '../palette/wire.ts';
import type { Datum, PlaceToLocate } from '../places/wire.ts';
import type { Plan, PlanRun, PlanSummary, RunWish } from '../plan/wire.ts';
import type { Present, Whereabouts } from '../presence/here.svelte.ts';
import type { Changed, Remedy, Trouble, Wanted } from '../remedies/wire.ts';
import type { Part } from '../shell/parts.svelte.ts';

export interface Region {
  id: string;
  name: string;
  zone: string;
  center: LatLng | null;
  depot: LatLng | null;
  /** The day to look at first: the earliest with work there is still time for. */
  open_day: string;
}

const dayKey = (regionId: string, day: string): string => `${regionId}|${day}`;

/** Lists come bare or in a page, whichever the endpoint chose. */
type Listed<T> = T[] | { items: T[]; next?: string | null };

const items = <T>(reply: Listed<T>): T[] => (Array.isArray(reply) ? reply : reply.items);

export interface ImportOptions {
  channel?: string;
  regionId?: string;
  datum?: Datum;
}

export interface OfferWish {
  version: number;
  mode: OfferMode;
  minutes: number;
  candidates: { technician_id: string | null; vendor_id: string | null; start: string | null }[];
  count: number;
}

const UPLOAD_TIMEOUT_MS = 120_000;

export class ConsoleApi {
  readonly #http: Http;
  /** A day asked for before anybody needs it, to be used once. */
  #ahead: { readonly key: string; readonly reply: Promise<DayBoard> } | null = null;

  #regionsAhead: Promise<Region[]> | null = null;

  constructor(http: Http) {
    this.#http = http;
  }

  regions(): Promise<Region[]> {
    const ahead = this.#regionsAhead;
    this.#regionsAhead = null;
    return ahead?.catch(() => this.#askRegions()) ?? this.#askRegions();
  }

  /** Whoever has other things to do while the reply is read and made into visits says what is waited for. */
  board(regionId: string, day: string, between?: () => Promise<void>): Promise<DayBoard> {
    const ahead = this.#ahead;
    this.#ahead = null;
    const ask = () => this.#askDay(regionId, day, between);
    return ahead?.key === dayKey(regionId, day) ? ahead.reply.catch(ask) : ask();
  }

  /** Asks for a day and the regions while it is still being found out who is there; each is used once. */
  askAhead(regionId: string, day: string): void {
    const reply = this.#askDay(regionId, day);
    this.#regionsAhead = this.#askRegions();
    this.#regionsAhead.catch(() => undefined);
    reply.catch(() => undefined); // whoever is signed out, or may not see it, is told by the proper request
    this.#ahead = { key: dayKey(regionId, day), reply };
  }

  /** Until the day that was asked for ahead is there, but not longer than this. */
  async aheadWithin(ms: number): Promise<void> {
    const come = this.#ahead?.reply.catch(() => undefined);
    if (come) await Promise.race([come, new Promise((done) => setTimeout(done, ms))]);
  }

  async #askDay(regionId: string, day: string, between?: () => Promise<void>): Promise<DayBoard> {
    const wire = await this.#http.get<WireBoard>('/api/board/columns', { region_id: regionId, day });
    if (!between) return dayFromWire(wire);
    await between();
    return dayFromWireInSlices(wire, between);
  }

  /** Forgets what was asked for ahead: somebody else may come. */
  forget(): void {
    this.#ahead = this.#regionsAhead = null;
  }

  async #askRegions(): Promise<Region[]> {
    return items(await this.#http.get<Listed<Region>>('/api/regions'));
  }

  /** What has gone wrong in the day, the gravest first. */
  exceptions(regionId: string, day: string): Promise<Exception[]> {
    return this.#http.get<Exception[]>('/api/exceptions', { region_id: regionId, day });
  }

  /** The part of the board that jobs and technicians take. */
  boardRows(regionId: string, day: string, jobIds: string[], technicianIds: string[]): Promise<WireRows> {
    const asked = new URLSearchParams({ region_id: regionId, day });
    for (const id of jobIds) asked.append('job_id', id);
    for (const id of technicianIds) asked.append('technician_id', id);
    return this.#http.get<WireRows>(`/api/board/rows?${asked}`);
  }

  job(jobId: string): Promise<JobRead> {
    return this.#http.get<JobRead>(`/api/jobs/${jobId}`);
  }

  async jobHistory(jobId: string): Promise<JobEvent[]> {
    return items(await this.#http.get<Listed<JobEvent>>(`/api/jobs/${jobId}/history`));
  }

  /** What the customer was quoted on site, with their answers and signatures. */
  extraQuotes(jobId: string): Promise<QuoteRecord[]> {
    return this.#http.get<QuoteRecord[]>(`/api/jobs/${jobId}/extra-quotes`);
  }

  /** Changes texts that phones write too; 409 `edited_by_both` when one did meanwhile. */
  editJob(
    jobId: string,
    version: number,
    values: { note?: string; description?: string; serial?: string; fault_code?: string },
  ): Promise<JobRead> {
    return this.#http.post<JobRead>(`/api/jobs/${jobId}/edit`, { version, ...values });
  }

  /** Runs a lifecycle action on the version the dispatcher saw; 409 when someone else was faster. */
  act(jobId: string, action: string, version: number, data: Record<string, unknown>): Promise<JobRead> {
    return this.#http.post<JobRead>(`/api/jobs/${jobId}/actions`, { action, version, data });
  }

  lock(jobId: string, version: number, lock: { technician: boolean; time: boolean }): Promise<JobRead> {
    return this.#http.post<JobRead>(`/api/jobs/${jobId}/lock`, { ...lock, version });
  }

  /** Who could do the job, in the order to ask them. */
  candidates(jobId: string): Promise<RankedRead[]> {
    return this.#http.get<RankedRead[]>(`/api/jobs/${jobId}/candidates`);
  }

  offers(jobId: string): Promise<OfferRead[]> {
    return this.#http.get<OfferRead[]>(`/api/jobs/${jobId}/offers`);
  }

  offer(jobId: string, wish: OfferWish): Promise<OfferRead> {
    return this.#http.post<OfferRead>(`/api/jobs/${jobId}/offers`, wish);
  }

  withdrawOffer(offerId: string): Promise<OfferRead> {
    return this.#http.post<OfferRead>(`/api/offers/${offerId}/withdraw`, {});
  }

  /** Ways out of a trouble, best first; takes the server a second or two. */
  remedies(regionId: string, day: string, trouble: Trouble): Promise<Remedy[]> {
    const about = 'jobId' in trouble ? { job_id: trouble.jobId } : { technician_id: trouble.technicianId };
    return this.#http.get<Remedy[]>('/api/remedies', { region_id: regionId, day, ...about });
  }

  /** All of it or nothing; 409 `stale` when a job of it has changed meanwhile. */
  applyRemedy(wanted: Wanted): Promise<{ jobs: Changed[] }> {
    return this.#http.post('/api/remedies', wanted);
  }

  noteAbsence(technicianId: string, day: string): Promise<{ visits: number }> {
    return this.#http.post(`/api/technicians/${technicianId}/absence`, { day });
  }

  /** 409 `shift_changed` when somebody has changed the shift since. */
  takeBackAbsence(technicianId: string, day: string): Promise<unknown> {
    return this.#http.delete(`/api/technicians/${technicianId}/absence?day=${day}`);
  }

  /** Says where this window is; the reply has everybody else on that day. */
  bePresent(where: Whereabouts): Promise<Present[]> {
    return this.#http.post<Present[]>('/api/presence', where);
  }

  present(regionId: string, day: string): Promise<Present[]> {
    return this.#http.get<Present[]>('/api/presence', { region_id: regionId, day });
  }

  leave(window: string): Promise<void> {
    return this.#http.delete(`/api/presence/${window}`);
  }

  /** Jobs of any day by phone tail, number, order, serial, name or address. */
  search(text: string): Promise<Hit[]> {
    return this.#http.get<Hit[]>('/api/search', { q: text });
  }

  /** The same, and technicians and customers beside them. */
  searchAll(text: string): Promise<Found> {
    return this.#http.get<Found>('/api/search/all', { q: text });
  }

  customerLink(jobId: string): Promise<{ url: string; expires_at: string }> {
    return this.#http.post(`/api/jobs/${jobId}/customer-link`, {});
  }

  startRun(regionId: string, day: string, wish: RunWish): Promise<PlanRun> {
    return this.#http.post<PlanRun>('/api/plan-runs', { region_id: regionId, day, ...wish });
  }

  run(runId: string): Promise<PlanRun> {
    return this.#http.get<PlanRun>(`/api/plan-runs/${runId}`);
  }

  cancelRun(runId: string): Promise<PlanRun> {
    return this.#http.post<PlanRun>(`/api/plan-runs/${runId}/cancel`, {});
  }

  async plans(regionId: string, day: string): Promise<PlanSummary[]> {
    return items(await this.#http.get<Listed<PlanSummary>>('/api/plans', { region_id: regionId, day }));
  }

  plan(planId: string): Promise<Plan> {
    return this.#http.get<Plan>(`/api/plans/${planId}`);
  }

  publish(planId: string): Promise<Plan> {
    return this.#http.post<Plan>(`/api/plans/${planId}/publish`, {});
  }

  /** Takes what people changed since into a draft; 409 `plan_stale` when that leaves no plan. */
  mergePlan(planId: string): Promise<Plan> {
    return this.#http.post<Plan>(`/api/plans/${planId}/merge`, {});
  }

  drop(planId: string): Promise<Plan> {
    return this.#http.post<Plan>(`/api/plans/${planId}/drop`, {});
  }

  async placesToLocate(): Promise<PlaceToLocate[]> {
    return items(await this.#http.get<Listed<PlaceToLocate>>('/api/places/needs-location'));
  }

  locate(placeId: string, at: LatLng, datum: Datum): Promise<unknown> {
    return this.#http.post(`/api/places/${placeId}/location`, { ...at, datum });
  }

  imports(after: string | null): Promise<Part<ImportRun>> {
    return this.#http.get('/api/imports', { after });
  }

  /** In file order; of one outcome, or of all. */
  importRows(runId: string, outcome: ImportOutcome | null, after: string | null): Promise<Part<ImportRow>> {
    return this.#http.get(`/api/imports/${runId}/rows`, { outcome, after });
  }

  importRun(runId: string): Promise<ImportRun> {
    return this.#http.get<ImportRun>(`/api/imports/${runId}`);
  }

  /** Reads the file without creating anything. */
  dryRun(file: File, options: ImportOptions): Promise<ImportRun> {
    const form = new FormData();
    form.set('file', file);
    if (options.channel) form.set('channel', options.channel);
    if (options.regionId) form.set('region_id', options.regionId);
    if (options.datum) form.set('datum', options.datum);
    return this.#http.post<ImportRun>('/api/imports', form, { timeout_ms: UPLOAD_TIMEOUT_MS });
  }

  applyImport(runId: string): Promise<ImportRun> {
    return this.#http.post<ImportRun>(`/api/imports/${runId}/apply`, {}, { timeout_ms: UPLOAD_TIMEOUT_MS });
  }

  refusedUrl(runId: string): string {
    return `/api/imports/${runId}/refused.csv`;
  }
}
