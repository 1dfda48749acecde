/** The texts the board puts on what it draws; given to it so that it knows no language. */

import type { Objection } from '../day/fit.ts';
import type { Technician, Visit } from '../day/visit.ts';

export interface BoardWords {
  state(visit: Visit): string;
  /** What the bar has no room for, read out after its visible words. */
  details(visit: Visit): string;
  /** The small second line of a technician's name. */
  load(technician: Technician, row: readonly Visit[]): string;
  pause: string;
  objection(objection: Objection): string;
}
