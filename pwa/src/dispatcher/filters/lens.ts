/** How a day is looked at: filters, grouping, zoom. The address keeps it, so that a link shows the same. */

import { zoomOf } from './zoom.ts';

export const GROUPINGS = ['vendor', 'zone', 'skill'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What a filter may ask of a visit beyond its state. */
export const RISKS = ['late', 'at_risk', 'unassigned', 'no_place'] as const;
export type Risk = (typeof RISKS)[number];

/** Own technicians among the vendors' ids. */
export const OWN = 'own';

/** Each list is "any of these", and empty asks nothing; what several lists ask must all hold. */
export interface Lens {
  readonly whose: readonly string[];
  readonly zones: readonly string[];
  readonly skills: readonly string[];
  readonly states: readonly string[];
  readonly risks: readonly string[];
  readonly types: readonly string[];
  readonly text: string;
  readonly group: Grouping | null;
  /** Ids of groups whose rows are folded away. */
  readonly folded: readonly string[];
  readonly zoom: number;
  readonly period: 'day' | 'week';
}

export type Dimension = 'whose' | 'zones' | 'skills' | 'states' | 'risks' | 'types';

const NAME_IN_ADDRESS: Readonly<Record<Dimension | 'folded', string>> = {
  whose: 'whose',
  zones: 'zone',
  skills: 'skill',
  states: 'state',
  risks: 'risk',
  types: 'type',
  folded: 'fold',
};
export const DIMENSIONS: readonly Dimension[] = ['whose', 'zones', 'skills', 'states', 'risks', 'types'];

export const PLAIN: Lens = {
  whose: [],
  zones: [],
  skills: [],
  states: [],
  risks: [],
  types: [],
  text: '',
  group: null,
  folded: [],
  zoom: 1,
  period: 'day',
};

export function parseLens(query: string): Lens {
  const params = new URLSearchParams(query);
  const list = (name: Dimension | 'folded'): string[] => [...new Set(params.getAll(NAME_IN_ADDRESS[name]))];
  const group = params.get('group');
  return {
    whose: list('whose'),
    zones: list('zones'),
    skills: list('skills'),
    states: list('states'),
    risks: list('risks'),
    types: list('types'),
    text: params.get('text') ?? '',
    group: GROUPINGS.find((known) => known === group) ?? null,
    folded: list('folded'),
    zoom: zoomOf(Number(params.get('zoom'))),
    period: params.get('period') === 'week' ? 'week' : 'day',
  };
}

export function formatLens(lens: Lens): string {
  const params = new URLSearchParams();
  for (const name of [...DIMENSIONS, 'folded'] as const) {
    for (const value of [...lens[name]].sort()) params.append(NAME_IN_ADDRESS[name], value);
  }
  if (lens.text) params.set('text', lens.text);
  if (lens.group) params.set('group', lens.group);
  if (lens.zoom > 1) params.set('zoom', String(lens.zoom));
  if (lens.period === 'week') params.set('period', 'week');
  return params.toString();
}

/** Whether anything is left out. */
export const isFiltering = (lens: Lens): boolean =>
  lens.text !== '' || DIMENSIONS.some((dimension) => lens[dimension].length > 0);

/** The same lens with nothing left out. */
export const withoutFilters = ({ group, folded, zoom, period }: Lens): Lens => ({
  ...PLAIN,
  group,
  folded,
  zoom,
  period,
});

export function toggled(lens: Lens, dimension: Dimension | 'folded', value: string): Lens {
  const values = lens[dimension];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return { ...lens, [dimension]: next };
}
