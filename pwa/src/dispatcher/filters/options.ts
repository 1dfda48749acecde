/** What each filter offers on a day, with how many visits have it. */

import { DISPLAY_STATES } from '../../ui/display-state.ts';
import type { DayModel } from '../day/day-model.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import { t, word } from '../i18n/texts.svelte.ts';
import { passes } from './day-filter.ts';
import { type Dimension, OWN, PLAIN, RISKS } from './lens.ts';
import { zoneOf } from './zones.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export function optionsOf(day: DayModel): Record<Dimension, Option[]> {
  const visits = day.visits().filter(({ status }) => status !== 'cancelled');
  const counted = (
    values: Iterable<string>,
    keyOf: (visit: Visit) => string,
    label: (value: string) => string,
  ) => {
    const counts = new Map([...values].map((value) => [value, 0]));
    for (const visit of visits) {
      const key = keyOf(visit);
      if (key) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([value, count]) => ({ value, label: label(value), count }));
  };
  const companies = companiesOf(day.technicians);
  const company = (visit: Visit): string => {
    const technician = day.technician(visit.technicianId);
    return technician ? (technician.vendorId ?? OWN) : '';
  };
  const skills = day.technicians.flatMap((technician) => [...technician.skills.keys()]);
  return {
    whose: counted(companies.keys(), company, (value) => companies.get(value) ?? value),
    zones: counted([], zoneOf, (value) => value).sort(byLabel),
    skills: counted(
      skills,
      ({ skill }) => skill ?? '',
      (value) => word('skill', value),
    ).sort(byLabel),
    states: counted(DISPLAY_STATES, visitState, (value) => word('state', value)),
    risks: RISKS.map((value) => ({
      value,
      label: t(`risk.${value}`),
      count: visits.filter((visit) => passes(visit, null, { ...PLAIN, risks: [value] })).length,
    })),
    types: counted(
      [],
      ({ type }) => type,
      (value) => word('type', value),
    ).sort(byLabel),
  };
}

/** Own people first, then vendors as the board has them. */
function companiesOf(technicians: readonly Technician[]): Map<string, string> {
  const companies = new Map<string, string>();
  for (const { vendorId, vendorName } of technicians)
    companies.set(vendorId ?? OWN, vendorId === null ? t('lens.own') : (vendorName ?? vendorId));
  return companies;
}

const byLabel = (a: Option, b: Option): number => a.label.localeCompare(b.label, 'zh');
