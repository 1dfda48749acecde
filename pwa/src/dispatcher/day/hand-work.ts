/** What a dispatcher does by hand: at once on screen, sent with the version it was decided on, undoable. */

import { ApiError } from '../../api/problem.ts';
import type { ConsoleApi, OfferWish } from '../api/console-api.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { OfferRead } from '../offers/wire.ts';
import { asWanted, type Remedy, type Wanted } from '../remedies/wire.ts';
import type { DayModel, Placement } from './day-model.ts';
import type { UndoStack } from './undo-stack.ts';
import type { Visit } from './visit.ts';
import type { ZoneClock } from './zone-clock.ts';

/** What this needs of the day on screen. */
export interface Hands {
  readonly day: string;
  readonly model: DayModel;
  readonly undo: UndoStack;
  readonly clock: ZoneClock;
  refresh(): void;
}

/** A step that others have built upon is not undone; `numbers` says where. */
export class MovedOnError extends Error {
  readonly numbers: readonly string[];

  constructor(numbers: readonly string[]) {
    super('moved on');
    this.numbers = numbers;
  }
}

export interface Locks {
  readonly technician: boolean;
  readonly time: boolean;
}

export class HandWork {
  readonly #api: ConsoleApi;
  readonly #day: Hands;
  /** The version each job had after this person's last change of it. */
  readonly own = new Map<string, number>();

  constructor(api: ConsoleApi, day: Hands) {
    this.#api = api;
    this.#day = day;
  }

  async place(jobId: string, to: Placement): Promise<void> {
    const before = this.#day.model.visit(jobId);
    const known = this.#day.model.confirmed(jobId);
    if (!before || !known) return;
    const from: Placement = { technicianId: before.technicianId, planned: before.planned };
    await this.#day.undo.recordAfter(this.#send(known, to), {
      label: t('undo.move', { number: before.number, where: this.#where(to) }),
      undo: () => this.#again(jobId, (now) => this.#send(now, from)),
      redo: () => this.#again(jobId, (now) => this.#send(now, to)),
    });
  }

  async lock(visit: Visit, to: Locks): Promise<void> {
    const from: Locks = { technician: visit.lockTechnician, time: visit.lockTime };
    await this.#day.undo.recordAfter(this.#setLock(visit, to), {
      label: t('undo.lock', { number: visit.number }),
      undo: () => this.#again(visit.jobId, (now) => this.#setLock(now, from)),
      redo: () => this.#again(visit.jobId, (now) => this.#setLock(now, to)),
    });
  }

  /** Puts a remedy into force; undoing puts every job of it back where it was, all or none. */
  async remedy(remedy: Remedy): Promise<void> {
    const forth = asWanted(remedy);
    const back = this.#placesOf([...forth.changes, ...(forth.take_back ?? [])].map(({ job_id }) => job_id));
    await this.#day.undo.recordAfter(this.#apply(forth), {
      label: t('undo.remedy', { count: remedy.changes.length + remedy.left.length }),
      undo: () => this.#applyAgain(back),
      redo: () => this.#applyAgain(forth),
    });
  }

  /** Takes several jobs back at once, all or none. */
  async unassignAll(visits: readonly Visit[], what: string): Promise<void> {
    const ids = visits.map(({ jobId }) => jobId);
    const back = this.#placesOf(ids);
    const forth = {
      changes: [],
      take_back: visits.map(({ jobId, version }) => ({ job_id: jobId, version })),
    };
    await this.#day.undo.recordAfter(this.#apply(forth), {
      label: t('undo.bulk', { what, count: ids.length }),
      undo: () => this.#applyAgain(back),
      redo: () => this.#applyAgain(forth),
    });
  }

  /** How many visits somebody else has to make now. */
  async absence(technicianId: string, name: string): Promise<number> {
    const note = async (): Promise<number> => {
      const { visits } = await this.#api.noteAbsence(technicianId, this.#day.day);
      this.#day.refresh();
      return visits;
    };
    return this.#day.undo.recordAfter(note(), {
      label: t('undo.absence', { name }),
      undo: () => this.presence(technicianId),
      redo: async () => void (await note()),
    });
  }

  async presence(technicianId: string): Promise<void> {
    await this.#api.takeBackAbsence(technicianId, this.#day.day);
    this.#day.refresh();
  }

  async offer(visit: Visit, wish: OfferWish): Promise<void> {
    let id = '';
    const make = async (wanted: OfferWish): Promise<void> => {
      ({ id } = await this.#api.offer(visit.jobId, wanted));
      this.#day.refresh();
    };
    await this.#day.undo.recordAfter(make(wish), {
      label: t('undo.offer', { number: visit.number }),
      undo: async () => void (await this.#api.withdrawOffer(id)),
      redo: () => make(this.#asItIsNow(visit.jobId, wish)),
    });
  }

  async withdraw(visit: Visit, offer: OfferRead): Promise<void> {
    const candidates = offer.candidates.map(({ technician_id, vendor_id, start }) => ({
      technician_id,
      vendor_id,
      start,
    }));
    const wish = {
      version: 0,
      mode: offer.mode,
      minutes: offer.minutes,
      candidates,
      count: candidates.length,
    };
    let { id } = offer;
    const end = async (): Promise<void> => {
      await this.#api.withdrawOffer(id);
      this.#day.refresh();
    };
    await this.#day.undo.recordAfter(end(), {
      label: t('undo.withdraw', { number: visit.number }),
      undo: async () => {
        ({ id } = await this.#api.offer(visit.jobId, this.#asItIsNow(visit.jobId, wish)));
        this.#day.refresh();
      },
      redo: end,
    });
  }

  /** The same wish on the job's present version. */
  #asItIsNow(jobId: string, wish: OfferWish): OfferWish {
    return { ...wish, version: this.#day.model.confirmed(jobId)?.version ?? wish.version };
  }

  /** Runs a step again on the job as this person left it; refuses by name when it is no longer so. */
  async #again(jobId: string, work: (known: Visit) => Promise<void>): Promise<void> {
    const known = this.#day.model.confirmed(jobId);
    const version = this.own.get(jobId);
    if (!known || version === undefined) throw new MovedOnError([known?.number ?? '']);
    try {
      await work({ ...known, version });
    } catch (error) {
      throw error instanceof ApiError && error.code === 'stale' ? new MovedOnError([known.number]) : error;
    }
  }

  async #send(known: Visit, to: Placement): Promise<void> {
    const { model } = this.#day;
    model.move(known.jobId, to);
    try {
      const { sheet } = await this.#ask(known, to);
      this.own.set(known.jobId, sheet.version);
      model.settle(known.jobId, sheet.version, sheet.status);
    } catch (error) {
      model.revert(known.jobId);
      this.#day.refresh();
      throw error;
    }
    this.#day.refresh();
  }

  #ask({ jobId, version }: Visit, { technicianId, planned }: Placement) {
    if (technicianId === null || !planned) return this.#api.act(jobId, 'unassign', version, {});
    const start = new Date(planned.startMs).toISOString();
    return this.#api.act(jobId, 'assign', version, { technician_id: technicianId, start });
  }

  async #setLock({ jobId, version }: Visit, to: Locks): Promise<void> {
    const { sheet } = await this.#api.lock(jobId, version, { ...to });
    this.own.set(jobId, sheet.version);
    this.#day.refresh();
  }

  async #apply(wanted: Wanted): Promise<void> {
    try {
      const { jobs } = await this.#api.applyRemedy(wanted);
      for (const { job_id, version } of jobs) this.own.set(job_id, version);
    } finally {
      this.#day.refresh();
    }
  }

  async #applyAgain(wanted: Wanted): Promise<void> {
    try {
      await this.#apply(this.#onOwnVersions(wanted));
    } catch (error) {
      const numbers = error instanceof ApiError ? error.problem.numbers : undefined;
      throw Array.isArray(numbers) ? new MovedOnError(numbers as string[]) : error;
    }
  }

  /** Where jobs are now, as what puts them back there. */
  #placesOf(jobIds: readonly string[]): Wanted {
    const visits = jobIds.flatMap((jobId) => this.#day.model.confirmed(jobId) ?? []);
    return {
      changes: visits.flatMap(({ jobId, version, technicianId, planned }) =>
        technicianId && planned
          ? [
              {
                job_id: jobId,
                version,
                technician_id: technicianId,
                arrive: iso(planned.arriveMs),
                start: iso(planned.startMs),
                end: iso(planned.endMs),
                travel_s: planned.travelS,
                travel_m: planned.travelM,
              },
            ]
          : [],
      ),
      take_back: visits
        .filter(({ technicianId }) => technicianId === null)
        .map(({ jobId, version }) => ({ job_id: jobId, version })),
    };
  }

  #onOwnVersions({ changes, take_back = [] }: Wanted): Wanted {
    const own = <T extends { job_id: string; version: number }>(change: T): T => ({
      ...change,
      version: this.own.get(change.job_id) ?? change.version,
    });
    return { changes: changes.map(own), take_back: take_back.map(own) };
  }

  #where({ technicianId, planned }: Placement): string {
    const name = this.#day.model.technician(technicianId)?.name;
    if (!name || !planned) return t('undo.nobody');
    return `${name} ${this.#day.clock.time(planned.startMs)}`;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
