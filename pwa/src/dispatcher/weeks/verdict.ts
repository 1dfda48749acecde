/** What would come of putting a visit into a cell of the week, before it is put there. */

import type { Span } from '../day/visit.ts';
import type { Carried } from './carried.ts';
import type { Opening, Openings } from './wire.ts';

/** A day of a technician, or of nobody. */
export interface Cell {
  readonly technicianId: string | null;
  readonly day: string;
}

/** What the server said of a day, or that it said nothing. */
export type Answer = Openings | 'asking' | 'failed';

export type Refusal =
  | { readonly code: 'skill_missing'; readonly skill: string }
  | { readonly code: 'level_too_low'; readonly skill: string; readonly has: number; readonly needs: number }
  /** `day_off`, `past`, a lock, `no_place`, or what the server says of the whole day. */
  | { readonly code: string };

export type Verdict =
  | { readonly kind: 'here' | 'asking' | 'failed' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'nobody'; readonly window: Span }
  | { readonly kind: 'fits'; readonly openings: readonly Opening[]; readonly chosen: Opening };

/** What is known of the cell besides the visit. */
export interface Around {
  readonly today: string;
  /** Levels by skill of the cell's technician. */
  readonly skills: ReadonlyMap<string, number>;
  readonly isOff: boolean;
  readonly sameHours: Span;
  readonly answer: Answer | undefined;
  /** Which of the openings, in order of time, somebody chose; null for the one proposed. */
  readonly choice: number | null;
}

export function verdictOf(carried: Carried, cell: Cell, around: Around): Verdict {
  if (cell.day === carried.day && cell.technicianId === carried.technicianId) return { kind: 'here' };
  const refusal = refusalOf(carried, cell, around);
  if (refusal) return { kind: 'refused', refusal };
  if (cell.technicianId === null) return { kind: 'nobody', window: around.sameHours };
  const { answer } = around;
  if (answer === undefined || answer === 'asking') return { kind: 'asking' };
  if (answer === 'failed') return { kind: 'failed' };
  const openings = answer.openings
    .filter(({ technician_id }) => technician_id === cell.technicianId)
    .sort((a, b) => Date.parse(a.window.start) - Date.parse(b.window.start));
  const chosen = openings[around.choice ?? -1] ?? proposed(openings, around.sameHours);
  if (chosen) return { kind: 'fits', openings, chosen };
  return { kind: 'refused', refusal: { code: (answer.reason?.code as string | undefined) ?? 'no_place' } };
}

/** What can be told without asking. */
function refusalOf(carried: Carried, { technicianId, day }: Cell, around: Around): Refusal | null {
  if (carried.lockTime) return { code: 'time_locked' };
  if (carried.lockTechnician && technicianId !== carried.technicianId) return { code: 'technician_locked' };
  if (day < around.today) return { code: 'past' };
  if (technicianId === null) return null;
  const has = around.skills.get(carried.skill);
  if (carried.level > 0 && has === undefined) return { code: 'skill_missing', skill: carried.skill };
  if ((has ?? 0) < carried.level) {
    return { code: 'level_too_low', skill: carried.skill, has: has ?? 0, needs: carried.level };
  }
  return around.isOff ? { code: 'day_off' } : null;
}

/** The hours promised now where they can be kept, else the cheapest. */
function proposed(openings: readonly Opening[], { startMs, endMs }: Span): Opening | undefined {
  const kept = openings.find(
    ({ window }) => Date.parse(window.start) === startMs && Date.parse(window.end) === endMs,
  );
  return kept ?? [...openings].sort((a, b) => a.price_fen - b.price_fen)[0];
}
