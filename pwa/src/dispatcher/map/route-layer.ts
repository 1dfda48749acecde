/** One technician's day on the map: the line, its stops and the person, drawn again only where they changed. */

import L from 'leaflet';
import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { needsHuman, visitState } from '../day/visit-state.ts';
import type { Palette } from './palette.ts';
import type { RouteStyle } from './route-colors.ts';
import { routeLine } from './route-lines.ts';

export interface RouteLook {
  /** Another technician is chosen. */
  readonly isDim: boolean;
  readonly isChosen: boolean;
}

export interface RoutePorts {
  onJob(jobId: string, technicianId: string | null): void;
  onTechnician(technicianId: string): void;
}

/** A position older than this is drawn hollow: it is where they were, not where they are. */
const FRESH_MS = 5 * 60_000;

export function stopMarker(
  visit: Visit,
  style: RouteStyle | null,
  isTouched: boolean,
  palette: Palette,
  ports: RoutePorts,
): L.CircleMarker | null {
  if (!visit.at) return null;
  const state = visitState(visit);
  const fill = palette.states[state];
  const isUrgent = needsHuman(state) || style === null;
  return L.circleMarker(visit.at, {
    radius: isUrgent ? 6 : 5,
    color: isUrgent ? fill : (style?.color ?? fill),
    weight: isTouched ? 3 : 2,
    fillColor: style === null ? palette.ground : fill,
    fillOpacity: 1,
  }).on('click', () => ports.onJob(visit.jobId, visit.technicianId));
}

export class RouteLayer {
  readonly #map: L.Map;
  readonly #ports: RoutePorts;
  #line: L.Polyline | null = null;
  #stops: L.CircleMarker[] = [];
  #person: L.Marker | null = null;
  #drawn = '';
  #personDrawn = '';
  #look: RouteLook = { isDim: false, isChosen: false };

  constructor(map: L.Map, ports: RoutePorts) {
    this.#map = map;
    this.#ports = ports;
  }

  remove(): void {
    this.#clear();
    this.#person?.remove();
    this.#person = null;
    this.#drawn = this.#personDrawn = '';
  }

  update(
    technician: Technician,
    source: DaySource,
    style: RouteStyle,
    palette: Palette,
    look: RouteLook,
  ): void {
    const row = source.row(technician.id);
    const signature = this.#signature(technician, row, source, style, palette);
    if (signature !== this.#drawn) {
      this.#drawn = signature;
      this.#clear();
      this.#draw(technician, row, source, style, palette);
      this.#look = { isDim: false, isChosen: false };
    }
    if (look.isDim !== this.#look.isDim || look.isChosen !== this.#look.isChosen) this.#restyle(look);
    this.#look = look;
  }

  /** The technician's dot; moved rather than made again, because positions come every few seconds. */
  updatePerson({ id, name, position }: Technician, style: RouteStyle, nowMs: number): void {
    if (!position) {
      this.#person?.remove();
      this.#person = null;
      this.#personDrawn = '';
      return;
    }
    this.#person ??= this.#newPerson(id, name, position);
    const isStale = nowMs - position.atMs >= FRESH_MS;
    const drawn = [position.lat, position.lng, style.color, isStale].join('|');
    if (drawn === this.#personDrawn) return;
    this.#personDrawn = drawn;
    this.#person.setLatLng(position);
    const element = this.#person.getElement();
    element?.style.setProperty('--person', style.color);
    element?.classList.toggle('stale', isStale);
  }

  #signature(
    { home }: Technician,
    row: readonly Visit[],
    source: DaySource,
    style: RouteStyle,
    palette: Palette,
  ): string {
    const stops = row.map((visit) =>
      [
        visit.jobId,
        visitState(visit),
        visit.at?.lat,
        visit.at?.lng,
        source.isTouched(visit.jobId),
        source.isAside?.(visit.jobId),
      ].join(),
    );
    return [style.color, palette.ground, home?.lat, home?.lng, ...stops].join('|');
  }

  #draw(
    technician: Technician,
    row: readonly Visit[],
    source: DaySource,
    style: RouteStyle,
    palette: Palette,
  ): void {
    const { points } = routeLine(technician, row);
    if (points.length > 1) {
      const dash = style.dash ? { dashArray: style.dash } : {};
      this.#line = L.polyline([...points], { color: style.color, weight: 2, opacity: 0.8, ...dash })
        .on('click', () => this.#ports.onTechnician(technician.id))
        .addTo(this.#map);
    }
    for (const visit of row) {
      if (source.isAside?.(visit.jobId)) continue;
      const stop = stopMarker(visit, style, source.isTouched(visit.jobId), palette, this.#ports);
      if (stop) this.#stops.push(stop.addTo(this.#map));
    }
  }

  #restyle({ isDim, isChosen }: RouteLook): void {
    this.#line?.setStyle({ opacity: isDim ? 0.18 : 0.8, weight: isChosen ? 4 : 2 });
    for (const stop of this.#stops)
      stop.setStyle({ opacity: isDim ? 0.25 : 1, fillOpacity: isDim ? 0.2 : 1 });
    if (!isChosen) return;
    this.#line?.bringToFront();
    for (const stop of this.#stops) stop.bringToFront();
  }

  #newPerson(id: string, name: string, at: L.LatLngExpression): L.Marker {
    const icon = L.divIcon({ className: 'map-person', iconSize: [20, 20], html: '' });
    const marker = L.marker(at, { icon, keyboard: false, title: name, alt: name })
      .on('click', () => this.#ports.onTechnician(id))
      .addTo(this.#map);
    const element = marker.getElement();
    element?.setAttribute('aria-hidden', 'true');
    if (element) element.textContent = name.slice(0, 1);
    return marker;
  }

  #clear(): void {
    this.#line?.remove();
    this.#line = null;
    for (const stop of this.#stops) stop.remove();
    this.#stops = [];
  }
}
