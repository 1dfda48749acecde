/** Which technicians and visits a lens lets through. */

import { hasWords } from '../day/search.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import { type Lens, OWN } from './lens.ts';
import { zoneOf } from './zones.ts';

/** "Any of these"; an empty list asks nothing. */
const anyOf = (wanted: readonly string[], has: string): boolean =>
  wanted.length === 0 || wanted.includes(has);

const RISK_OF: Readonly<Record<string, (visit: Visit) => boolean>> = {
  late: (visit) => visit.late !== null && visit.late.minutes > 0,
  at_risk: (visit) => visit.late?.minutes === 0,
  unassigned: (visit) => visit.technicianId === null,
  no_place: (visit) => visit.at === null,
};

/** A job that nobody has yet can still become anybody's, so `whose` keeps it. */
export function passes(visit: Visit, technician: Technician | null, lens: Lens): boolean {
  return (
    (technician === null || anyOf(lens.whose, technician.vendorId ?? OWN)) &&
    anyOf(lens.zones, zoneOf(visit)) &&
    anyOf(lens.skills, visit.skill ?? '') &&
    anyOf(lens.states, visitState(visit)) &&
    anyOf(lens.types, visit.type) &&
    (lens.risks.length === 0 || lens.risks.some((risk) => RISK_OF[risk]?.(visit) ?? false)) &&
    hasWords({ visit, technicianName: technician?.name ?? '' }, lens.text)
  );
}

/** Whether a technician may have a row at all, whatever they do that day. */
const isAsked = (technician: Technician, lens: Lens): boolean =>
  anyOf(lens.whose, technician.vendorId ?? OWN) &&
  (lens.skills.length === 0 || lens.skills.some((skill) => technician.skills.has(skill)));

/** Whether a row needs a visit that passes: a filter of people alone also shows who has nothing to do. */
const asksOfVisits = ({ zones, states, risks, types, text }: Lens): boolean =>
  text !== '' || [zones, states, risks, types].some(({ length }) => length > 0);

export function hasRow(technician: Technician, row: readonly Visit[], lens: Lens): boolean {
  if (!isAsked(technician, lens)) return false;
  return !asksOfVisits(lens) || row.some((visit) => passes(visit, technician, lens));
}
