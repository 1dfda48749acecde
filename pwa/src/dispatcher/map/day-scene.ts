/** What the map of a day shows, from back to front, as plain things that a canvas can draw and compare. */

import type { DaySource } from '../day/day-source.ts';
import { isMadeOfSame } from '../day/is-same.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { needsHuman, visitState } from '../day/visit-state.ts';
import type { LatLng } from '../day/wire.ts';
import type { Palette } from './palette.ts';
import type { RouteStyle } from './route-colors.ts';
import { routeLine } from './route-lines.ts';

interface Line {
  readonly kind: 'line';
  readonly id: string;
  readonly technicianId: string;
  readonly points: readonly LatLng[];
  readonly color: string;
  readonly widthPx: number;
  readonly dash: string | null;
  readonly alpha: number;
}

interface Dot {
  readonly id: string;
  readonly at: LatLng;
  readonly radiusPx: number;
  readonly stroke: string;
  readonly strokePx: number;
  readonly fill: string | null;
  readonly alpha: number;
}

interface Stop extends Dot {
  readonly kind: 'stop';
  readonly jobId: string;
  readonly technicianId: string | null;
}

interface Person extends Dot {
  readonly kind: 'person';
  readonly technicianId: string;
  readonly name: string;
  /** The colour of the initial. */
  readonly ink: string;
}

interface Ring extends Dot {
  readonly kind: 'ring';
}

export type SceneItem = Line | Stop | Person | Ring;

export interface SceneData {
  readonly source: DaySource;
  /** Visits that nobody has. */
  readonly loose: readonly Visit[];
  readonly colors: ReadonlyMap<string, RouteStyle>;
  readonly nowMs: number;
}

export interface Selected {
  readonly jobId: string | null;
  readonly technicianId: string | null;
}

/** A position older than this is drawn hollow: it is where they were, not where they are. */
const FRESH_MS = 5 * 60_000;
export const NO_STYLE: RouteStyle = { color: '#5f6b78', dash: null };

/** What one technician adds to the picture. */
interface Part {
  readonly line: Line | null;
  readonly stops: readonly Stop[];
  readonly person: Person | null;
}

/** What each technician added to the last picture: of a live change most add the same again. */
export class KnownParts {
  #source: DaySource | null = null;
  readonly #parts = new Map<string, { readonly basis: readonly unknown[]; readonly part: Part }>();

  /** `basis` is all that a part is made from, besides its source; what a filter sets aside is always asked anew. */
  part(source: DaySource, id: string, basis: readonly unknown[], make: () => Part): Part {
    if (source !== this.#source) this.#parts.clear();
    this.#source = source;
    const known = this.#parts.get(id);
    if (known && !source.isAside && isMadeOfSame(known.basis, basis)) return known.part;
    const part = make();
    this.#parts.set(id, { basis, part });
    return part;
  }
}

/** Lines beneath stops beneath people, and the chosen technician's above the others' of the same kind. */
export function sceneOf(
  data: SceneData,
  selected: Selected,
  palette: Palette,
  known = new KnownParts(),
): SceneItem[] {
  const { source, loose, colors, nowMs } = data;
  const { technicianId: chosen } = selected;
  const parts = chosenLast(source.technicians, chosen).map((technician): Part => {
    const { id, position } = technician;
    const { color, dash } = colors.get(id) ?? NO_STYLE;
    const [isChosen, isDim] = [chosen === id, chosen !== null && chosen !== id];
    const row = source.row(id);
    const isStale = position !== null && nowMs - position.atMs >= FRESH_MS;
    const basis = [technician, row, color, dash, isChosen, isDim, isStale, palette];
    return known.part(source, id, basis, () => ({
      line: lineOf(technician, row, { color, dash }, { isDim, isChosen }),
      stops: stopsOf(row, source, { color, dash }, palette, isDim ? 0.25 : 1),
      person: personOf(technician, color, palette, isStale),
    }));
  });
  return [
    ...parts.flatMap(({ line }) => line ?? []),
    ...parts.flatMap(({ stops }) => stops),
    ...loose.flatMap((visit) => stopOf(visit, null, false, palette, 1) ?? []),
    ...parts.flatMap(({ person }) => person ?? []),
    ...ringOf(source.visit(selected.jobId), palette),
  ];
}

function chosenLast(technicians: readonly Technician[], chosen: string | null): readonly Technician[] {
  if (chosen === null) return technicians;
  return [...technicians].sort((a, b) => Number(a.id === chosen) - Number(b.id === chosen));
}

function lineOf(
  technician: Technician,
  row: readonly Visit[],
  { color, dash }: RouteStyle,
  { isDim, isChosen }: { isDim: boolean; isChosen: boolean },
): Line | null {
  const { points } = routeLine(technician, row);
  if (points.length < 2) return null;
  return {
    kind: 'line',
    id: `line-${technician.id}`,
    technicianId: technician.id,
    points,
    color,
    widthPx: isChosen ? 4 : 2,
    dash,
    alpha: isDim ? 0.18 : 0.8,
  };
}

function stopsOf(
  row: readonly Visit[],
  source: DaySource,
  style: RouteStyle,
  palette: Palette,
  alpha: number,
): Stop[] {
  const shown = row.filter(({ jobId }) => !source.isAside?.(jobId));
  return shown.flatMap((visit) => stopOf(visit, style, source.isTouched(visit.jobId), palette, alpha) ?? []);
}

/** A visit's dot; without a route's style it is one that nobody has yet. */
function stopOf(
  visit: Visit,
  style: RouteStyle | null,
  isTouched: boolean,
  palette: Palette,
  alpha: number,
): Stop | null {
  if (!visit.at) return null;
  const state = visitState(visit);
  const fill = palette.states[state];
  const isUrgent = needsHuman(state) || style === null;
  return {
    kind: 'stop',
    id: `stop-${visit.jobId}`,
    jobId: visit.jobId,
    technicianId: visit.technicianId,
    at: visit.at,
    radiusPx: isUrgent ? 6 : 5,
    stroke: isUrgent ? fill : style.color,
    strokePx: isTouched ? 3 : 2,
    fill: style === null ? palette.ground : fill,
    alpha,
  };
}

function personOf(
  { id, name, position }: Technician,
  color: string,
  { paper }: Palette,
  isStale: boolean,
): Person | null {
  if (!position) return null;
  return {
    kind: 'person',
    id: `person-${id}`,
    technicianId: id,
    name,
    at: { lat: position.lat, lng: position.lng },
    radiusPx: 9,
    stroke: color,
    strokePx: 2,
    fill: isStale ? paper : color,
    ink: isStale ? color : paper,
    alpha: 1,
  };
}

function ringOf(visit: Visit | null, { ink }: Palette): Ring[] {
  if (!visit?.at) return [];
  const look = { radiusPx: 12, stroke: ink, strokePx: 3, fill: null, alpha: 1 };
  return [{ kind: 'ring', id: 'ring', at: visit.at, ...look }];
}
