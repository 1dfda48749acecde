/** Colours that stay apart for colour-blind eyes, the same for a technician on every view. */

/**
 * Hues after Paul Tol's "bright" and "muted" qualitative schemes (personal.sron.nl/~pault), darkened where
 * needed to reach 3:1 on the grey ground of the map; `dark` is the lighter twin for the dark ground.
 */
export const ROUTE_COLORS: readonly { readonly light: string; readonly dark: string }[] = [
  { light: '#332288', dark: '#9d8df1' },
  { light: '#0f7a6c', dark: '#44c9b5' },
  { light: '#aa4499', dark: '#dd8fd0' },
  { light: '#3b6fb6', dark: '#88b9f0' },
  { light: '#8a6d00', dark: '#ddc65a' },
  { light: '#882255', dark: '#e08bb2' },
  { light: '#117733', dark: '#63c784' },
  { light: '#b5473c', dark: '#f09a90' },
];

/** Dash patterns tell apart the technicians that share a colour in a crowd. */
export const ROUTE_DASHES: readonly (string | null)[] = [null, '8 4', '2 4', '12 4 2 4'];

export interface RouteStyle {
  readonly color: string;
  readonly dash: string | null;
}

export function routeStyle(index: number, theme: 'light' | 'dark'): RouteStyle {
  const count = ROUTE_COLORS.length;
  const color = ROUTE_COLORS[index % count]?.[theme] ?? '#000000';
  const dash = ROUTE_DASHES[Math.floor(index / count) % ROUTE_DASHES.length] ?? null;
  return { color, dash };
}
