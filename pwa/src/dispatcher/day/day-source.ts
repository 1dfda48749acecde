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
  /** The board's lines from top to bottom, null where a group's head stands; all technicians where missing. */
  readonly lines?: readonly (Technician | null)[];
  /** The heads of groups, laid over those places. */
  readonly heads?: HTMLElement | null;
  /** Whether a filter leaves the job out, although its row is shown. */
  isAside?(jobId: string): boolean;
}

export const linesOf = (day: DaySource): readonly (Technician | null)[] => day.lines ?? day.technicians;
