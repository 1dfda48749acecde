/** Light or dark, as the system asks, for what is drawn on canvases; and each technician's colour in it. */

import type { Technician } from '../day/visit.ts';
import { type RouteStyle, routeStyle } from './route-colors.ts';

const query = window.matchMedia('(prefers-color-scheme: dark)');

class Theme {
  name = $state<'light' | 'dark'>(query.matches ? 'dark' : 'light');

  constructor() {
    query.addEventListener('change', () => {
      this.name = query.matches ? 'dark' : 'light';
    });
  }
}

export const theme = new Theme();

/** Dealt in the order of the board, so that neighbours differ. */
export function routeColors(technicians: readonly Technician[]): Map<string, RouteStyle> {
  return new Map(technicians.map(({ id }, index) => [id, routeStyle(index, theme.name)]));
}
