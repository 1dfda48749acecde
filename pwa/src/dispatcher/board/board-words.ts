/** The texts and icons the board puts on what it draws; given to it so that it knows no language. */

import type { DisplayState } from '../../ui/display-state.ts';
import type { Objection } from '../day/fit.ts';
import type { Technician, Visit } from '../day/visit.ts';

export interface BoardWords {
  state(visit: Visit): string;
  /** Everything about a visit in one sentence, for screen readers. */
  sentence(visit: Visit): string;
  /** The small second line of a technician's name. */
  load(technician: Technician, row: readonly Visit[]): string;
  pause: string;
  objection(objection: Objection): string;
}

export type StateIcons = Readonly<Record<DisplayState, Element>>;
