/** What the map of a day shows, from back to front, as plain things that a canvas can draw and compare. */

import type { DaySource } from '../day/day-source.ts';
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

/** Lines beneath stops beneath people, and the chosen technician's above the others' of the same kind. */
export function sceneOf(data: SceneData, selected: Selected, palette: Palette): SceneItem[] {
  const { source, loose, colors, nowMs } = data;
  const { technicianId: chosen } = selected;
  const lines: SceneItem[] = [];
  const stops: SceneItem[] = [];
  const people: SceneItem[] = [];
  for (const technician of chosenLast(source.technicians, chosen)) {
    const { id } = technician;
    const style = colors.get(id) ?? NO_STYLE;
    const isDim = chosen !== null && chosen !== id;
    const row = source.row(id);
    const line = lineOf(technician, row, style, { isDim, isChosen: chosen === id });
    if (line) lines.push(line);
    stops.push(...stopsOf(row, source, style, palette, isDim ? 0.25 : 1));
    const person = personOf(technician, style, palette, nowMs);
    if (person) people.push(person);
  }
  const free = loose.flatMap((visit) => stopOf(visit, null, false, palette, 1) ?? []);
  return [...lines, ...stops, ...free, ...people, ...ringOf(source.visit(selected.jobId), palette)];
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
  { color }: RouteStyle,
  { paper }: Palette,
  nowMs: number,
): Person | null {
  if (!position) return null;
  const isStale = nowMs - position.atMs >= FRESH_MS;
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
