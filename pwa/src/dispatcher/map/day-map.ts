/** The day on a map: routes in each technician's colour, visits by state, positions. Loaded only when shown. */

import 'leaflet/dist/leaflet.css';
import './map.css';
import L from 'leaflet';
import { cssName } from '../../ui/display-state.ts';
import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import type { LatLng } from '../day/wire.ts';
import { addGround, groundColors, newMap } from './ground.ts';
import { NameLayer, type NameTag } from './name-layer.ts';
import type { RouteStyle } from './route-colors.ts';
import { boundsOf, routeLine } from './route-lines.ts';

export interface DayMapData {
  readonly source: DaySource;
  readonly loose: readonly Visit[];
  readonly colors: ReadonlyMap<string, RouteStyle>;
  readonly depot: LatLng | null;
  readonly center: LatLng | null;
  readonly nowMs: number;
}

export interface DayMapPorts {
  onJob(jobId: string, technicianId: string | null): void;
  onTechnician(technicianId: string): void;
  zoomIn: string;
  zoomOut: string;
}

const NO_STYLE: RouteStyle = { color: '#5f6b78', dash: null };

/** A position older than this is drawn hollow: it is where they were, not where they are. */
const FRESH_MS = 5 * 60_000;

interface Selected {
  readonly jobId: string | null;
  readonly technicianId: string | null;
}

export class DayMapView {
  readonly #map: L.Map;
  readonly #ports: DayMapPorts;
  readonly #names: NameLayer;
  readonly #routes = L.layerGroup();
  readonly #stops = L.layerGroup();
  readonly #people = L.layerGroup();
  readonly #highlight = L.layerGroup();
  readonly #resizes: ResizeObserver;
  #ground: L.GridLayer;
  #data: DayMapData | null = null;
  #selected: Selected = { jobId: null, technicianId: null };
  #isFitted = false;

  constructor(host: HTMLElement, ports: DayMapPorts) {
    this.#ports = ports;
    this.#map = newMap(host, ports);
    this.#map.setView([0, 0], 3);
    this.#ground = addGround(this.#map);
    for (const layer of [this.#routes, this.#stops, this.#people, this.#highlight]) layer.addTo(this.#map);
    this.#names = new NameLayer(this.#map);
    this.#resizes = new ResizeObserver(() => this.#map.invalidateSize({ animate: false }));
    this.#resizes.observe(host);
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#map.remove();
  }

  /** Draws the day anew; the view stays where the dispatcher put it. */
  draw(data: DayMapData): void {
    this.#data = data;
    if (!this.#isFitted) this.fit();
    this.#drawAll();
  }

  /** The system changed between light and dark. */
  recolor(): void {
    this.#ground.remove();
    this.#ground = addGround(this.#map);
    this.#drawAll();
  }

  /** Marks what is selected; `reveal` moves the map there when it lies outside the view. */
  select(selected: Selected, options: { reveal: boolean }): void {
    this.#selected = selected;
    this.#drawAll();
    const visit = this.#data?.source.visit(selected.jobId);
    if (options.reveal && visit?.at && !this.#map.getBounds().pad(-0.1).contains(visit.at)) {
      this.#map.panTo(visit.at, { animate: false });
    }
  }

  fit(): void {
    const data = this.#data;
    if (!data) return;
    const places = this.#places(data);
    const bounds = boundsOf(places);
    if (!bounds) {
      if (data.center) this.#map.setView(data.center, 11, { animate: false });
      return;
    }
    this.#isFitted = places.length > 1;
    this.#map.fitBounds(
      [
        [bounds.south, bounds.west],
        [bounds.north, bounds.east],
      ],
      { padding: [24, 24], maxZoom: 15, animate: false },
    );
  }

  #places({ source, loose }: DayMapData): LatLng[] {
    const stops = source.technicians.flatMap(({ id }) => source.row(id));
    return [...stops, ...loose].flatMap((visit) => (visit.at ? [visit.at] : []));
  }

  #drawAll(): void {
    const data = this.#data;
    if (!data) return;
    for (const layer of [this.#routes, this.#stops, this.#people, this.#highlight]) layer.clearLayers();
    const tags = this.#drawRoutes(data);
    this.#drawPeople(data);
    for (const visit of data.loose) this.#drawStop(visit, null, data);
    this.#drawHighlight(data);
    if (data.depot) this.#drawDepot(data.depot);
    this.#names.show([...tags, ...communityTags(data)], groundColors().ground);
  }

  #drawRoutes(data: DayMapData): NameTag[] {
    const tags: NameTag[] = [];
    for (const technician of data.source.technicians) {
      const tag = this.#drawRoute(technician, data);
      if (tag && technician.id === this.#selected.technicianId) tags.unshift(tag);
      else if (tag) tags.push(tag);
    }
    return tags;
  }

  /** Home, stops and the line between them; gives back the name that belongs to it. */
  #drawRoute(technician: Technician, data: DayMapData): NameTag | null {
    const chosen = this.#selected.technicianId;
    const isDim = chosen !== null && chosen !== technician.id;
    const row = data.source.row(technician.id);
    const line = routeLine(technician, row);
    const style = data.colors.get(technician.id) ?? NO_STYLE;
    if (line.points.length > 1) {
      const weight = chosen === technician.id ? 4 : 2;
      L.polyline([...line.points], {
        color: style.color,
        weight,
        opacity: isDim ? 0.18 : 0.8,
        ...(style.dash ? { dashArray: style.dash } : {}),
      })
        .on('click', () => this.#ports.onTechnician(technician.id))
        .addTo(this.#routes);
    }
    for (const visit of row) this.#drawStop(visit, style, data, isDim);
    if (!line.labelAt || row.length === 0 || isDim) return null;
    return { id: technician.id, text: technician.name, at: line.labelAt, color: style.color, isQuiet: false };
  }

  #drawStop(visit: Visit, style: RouteStyle | null, data: DayMapData, isDim = false): void {
    if (!visit.at) return;
    const state = visitState(visit);
    const fill = cssColor(`--state-${cssName(state)}`);
    const needsHuman = state === 'failed' || state === 'at_risk' || style === null;
    L.circleMarker(visit.at, {
      radius: needsHuman ? 7 : 5,
      color: needsHuman ? fill : (style?.color ?? fill),
      weight: data.source.isTouched(visit.jobId) ? 3 : 2,
      fillColor: style === null ? groundColors().ground : fill,
      fillOpacity: isDim ? 0.2 : 1,
      opacity: isDim ? 0.25 : 1,
    })
      .bindTooltip(`${visit.customerName} · ${visit.number}`, { direction: 'top', offset: [0, -6] })
      .on('click', () => this.#ports.onJob(visit.jobId, visit.technicianId))
      .addTo(this.#stops);
  }

  #drawPeople(data: DayMapData): void {
    for (const technician of data.source.technicians) {
      const { position } = technician;
      if (!position) continue;
      const color = data.colors.get(technician.id)?.color ?? NO_STYLE.color;
      const isFresh = data.nowMs - position.atMs < FRESH_MS;
      const icon = L.divIcon({
        className: `map-person ${isFresh ? 'fresh' : 'stale'}`,
        iconSize: [20, 20],
        html: '',
      });
      const marker = L.marker(position, {
        icon,
        keyboard: false,
        title: technician.name,
        alt: technician.name,
      })
        .on('click', () => this.#ports.onTechnician(technician.id))
        .addTo(this.#people);
      const element = marker.getElement();
      element?.style.setProperty('--person', color);
      element?.setAttribute('aria-hidden', 'true');
      if (element) element.textContent = technician.name.slice(0, 1);
    }
  }

  #drawHighlight({ source }: DayMapData): void {
    const visit = source.visit(this.#selected.jobId);
    if (!visit?.at) return;
    L.circleMarker(visit.at, {
      radius: 12,
      color: cssColor('--ink'),
      weight: 3,
      fill: false,
      interactive: false,
    }).addTo(this.#highlight);
  }

  #drawDepot(depot: LatLng): void {
    const icon = L.divIcon({ className: 'map-depot', iconSize: [14, 14], html: '' });
    const marker = L.marker(depot, { icon, interactive: false, keyboard: false }).addTo(this.#people);
    marker.getElement()?.setAttribute('aria-hidden', 'true');
  }
}

/** Where one is: the communities visited, in grey, beneath every technician's name. */
function communityTags({ source, loose }: DayMapData): NameTag[] {
  const seen = new Map<string, NameTag>();
  const { ink } = groundColors();
  const visits = [...source.technicians.flatMap(({ id }) => source.row(id)), ...loose];
  for (const { community, at } of visits) {
    if (!community || !at || seen.has(community)) continue;
    seen.set(community, { id: `place-${community}`, text: community, at, color: ink, isQuiet: true });
  }
  return [...seen.values()];
}

const cssColor = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
