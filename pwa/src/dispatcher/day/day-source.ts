/** What board and map draw: the day as it is, or as a draft would make it. */

import type { Technician, Visit } from './visit.ts';

export interface DaySource {
  readonly technicians: readonly Technician[];
  technician(id: string | null): Technician | null;
  visit(jobId: string | null): Visit | null;
  /** A technician's planned visits in order of time. */
  row(technicianId: string): readonly Visit[];
  /** Where visits of this row are today that the draft takes elsewhere; nothing outside a draft. */
  ghosts(technicianId: string): readonly Visit[];
  /** Whether the draft changes this job. */
  isTouched(jobId: string): boolean;
}
