/** Live changes of single jobs and positions: asks for just those, many at once, and no more than one at a time. */

import type { ChangeEvent } from '../../api/types.ts';
import { Coalescer, type Timer } from './coalescer.ts';
import type { DayModel } from './day-model.ts';
import type { WireRows } from './wire.ts';

/** How long one change waits for others: shorter than anybody notices. */
const GATHER_MS = 250;
/** As many ids of each kind as the server takes at once. */
const MOST = 60;

export interface RowsPorts {
  readonly model: DayModel;
  /** Asks the server for jobs and for technicians' whole days. */
  ask(jobIds: string[], technicianIds: string[]): Promise<WireRows>;
  /** Too much has changed for a part, or the part did not come: fetch the day. */
  onMuch(): void;
}

export class LiveRows {
  readonly #ports: RowsPorts;
  readonly #gathering: Coalescer<string>;
  readonly #jobs = new Set<string>();
  readonly #technicians = new Set<string>();

  constructor(ports: RowsPorts, timer?: Timer) {
    this.#ports = ports;
    this.#gathering = new Coalescer<string>(
      () => this.#fetch(),
      GATHER_MS,
      () => ports.onMuch(),
      timer,
    );
  }

  /** Whether a change is one this can follow; anything else means to fetch the whole day. */
  take({ entity, id, technician_id }: ChangeEvent): boolean {
    if (entity === 'job') this.#jobs.add(id);
    else if (entity === 'position' && technician_id) this.#technicians.add(technician_id);
    else return false;
    this.#gathering.add('rows');
    return true;
  }

  close(): void {
    this.#gathering.close();
  }

  async #fetch(): Promise<void> {
    const { model } = this.#ports;
    const jobIds = new Set(this.#jobs);
    // Who had a job until now may start the next one sooner or later than before.
    const technicianIds = new Set(this.#technicians);
    for (const jobId of jobIds) {
      const owner = model.confirmed(jobId)?.technicianId;
      if (owner) technicianIds.add(owner);
    }
    this.#jobs.clear();
    this.#technicians.clear();
    if (jobIds.size > MOST || technicianIds.size > MOST) {
      this.#ports.onMuch();
      return;
    }
    model.merge(await this.#ports.ask([...jobIds], [...technicianIds]), { jobIds, technicianIds });
  }
}
