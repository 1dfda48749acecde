/** The day on a map: routes in each technician's colour, visits by state, positions. Loaded only when shown. */

import 'leaflet/dist/leaflet.css';
import './map.css';
import L from 'leaflet';
import type { DaySource } from '../day/day-source.ts';
import type { Visit } from '../day/visit.ts';
import type { LatLng } from '../day/wire.ts';
import { addGround, newMap } from './ground.ts';
import { NameLayer, type NameTag } from './name-layer.ts';
import { type Palette, readPalette } from './palette.ts';
import type { RouteStyle } from './route-colors.ts';
import { RouteLayer, type RoutePorts, stopMarker } from './route-layer.ts';
import { boundsOf, routeLine } from './route-lines.ts';

export interface DayMapData {
  readonly source: DaySource;
  readonly loose: readonly Visit[];
  readonly colors: ReadonlyMap<string, RouteStyle>;
  readonly depot: LatLng | null;
  readonly center: LatLng | null;
  readonly nowMs: number;
}

export interface DayMapPorts extends RoutePorts {
  zoomIn: string;
  zoomOut: string;
}

const NO_STYLE: RouteStyle = { color: '#5f6b78', dash: null };

interface Selected {
  readonly jobId: string | null;
  readonly technicianId: string | null;
}

export class DayMapView {
  readonly #map: L.Map;
  readonly #ports: DayMapPorts;
  readonly #names: NameLayer;
  readonly #routes = new Map<string, RouteLayer>();
  readonly #loose = L.layerGroup();
  readonly #highlight = L.layerGroup();
  readonly #resizes: ResizeObserver;
  #ground: L.GridLayer;
  #palette: Palette = readPalette();
  #data: DayMapData | null = null;
  #selected: Selected = { jobId: null, technicianId: null };
  #depot: L.Marker | null = null;
  #isFitted = false;
  #looseDrawn = '';
  #highlightDrawn = '';

  constructor(host: HTMLElement, ports: DayMapPorts) {
    this.#ports = ports;
    this.#map = newMap(host, ports);
    this.#map.on('moveend', () => tellView(host, this.#map));
    this.#map.setView([0, 0], 3);
    this.#ground = addGround(this.#map);
    for (const layer of [this.#loose, this.#highlight]) layer.addTo(this.#map);
    this.#names = new NameLayer(this.#map);
    this.#resizes = new ResizeObserver(() => this.#map.invalidateSize({ animate: false }));
    this.#resizes.observe(host);
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#map.remove();
  }

  /** Draws what changed since the last time; the view stays where the dispatcher put it. */
  draw(data: DayMapData, selected: Selected): void {
    this.#data = data;
    this.#selected = selected;
    if (!this.#isFitted) this.fit();
    this.#drawAll(data);
  }

  /** The system changed between light and dark. */
  recolor(): void {
    this.#ground.remove();
    this.#ground = addGround(this.#map);
    this.#palette = readPalette();
    if (this.#data) this.#drawAll(this.#data);
  }

  /** Marks what is selected; `reveal` moves the map there when it lies outside the view. */
  select(selected: Selected, options: { reveal: boolean }): void {
    this.#selected = selected;
    if (!this.#data) return;
    this.#drawAll(this.#data);
    const visit = this.#data.source.visit(selected.jobId);
    if (options.reveal && visit?.at && !this.#map.getBounds().pad(-0.1).contains(visit.at)) {
      this.#map.panTo(visit.at, { animate: false });
    }
  }

  fit(): void {
    const data = this.#data;
    if (!data) return;
    const stops = data.source.technicians.flatMap(({ id }) => data.source.row(id));
    const places = [...stops, ...data.loose].flatMap((visit) => (visit.at ? [visit.at] : []));
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

  #drawAll(data: DayMapData): void {
    this.#drawRoutes(data);
    this.#drawLoose(data);
    this.#drawHighlight(data);
    if (data.depot && !this.#depot) this.#depot = this.#newDepot(data.depot);
    this.#names.show([...this.#routeTags(data), ...communityTags(data, this.#palette)], this.#palette.ground);
  }

  #drawRoutes({ source, colors, nowMs }: DayMapData): void {
    const { technicianId: chosen } = this.#selected;
    const known = new Set(source.technicians.map(({ id }) => id));
    for (const [id, layer] of this.#routes) {
      if (known.has(id)) continue;
      layer.remove();
      this.#routes.delete(id);
    }
    for (const technician of source.technicians) {
      const { id } = technician;
      const layer = this.#routes.get(id) ?? new RouteLayer(this.#map, this.#ports);
      this.#routes.set(id, layer);
      const style = colors.get(id) ?? NO_STYLE;
      const look = { isDim: chosen !== null && chosen !== id, isChosen: chosen === id };
      layer.update(technician, source, style, this.#palette, look);
      layer.updatePerson(technician, style, nowMs);
    }
  }

  /** A layer taken off and put back paints the whole canvas anew, so only what differs is. */
  #drawLoose({ loose }: DayMapData): void {
    const told = loose.map(({ jobId, at, status }) => [jobId, at?.lat, at?.lng, status].join());
    const drawn = [this.#palette.ground, ...told].join('|');
    if (drawn === this.#looseDrawn) return;
    this.#looseDrawn = drawn;
    this.#loose.clearLayers();
    for (const visit of loose) stopMarker(visit, null, false, this.#palette, this.#ports)?.addTo(this.#loose);
  }

  /** The chosen technician's name first, so that it always finds its place. */
  #routeTags({ source, colors }: DayMapData): NameTag[] {
    const { technicianId: chosen } = this.#selected;
    const shown = chosen === null ? source.technicians : source.technicians.filter(({ id }) => id === chosen);
    return shown.flatMap((technician) => {
      const row = source.row(technician.id);
      const { labelAt } = routeLine(technician, row);
      if (!labelAt || row.length === 0) return [];
      const { color } = colors.get(technician.id) ?? NO_STYLE;
      return [{ id: technician.id, text: technician.name, at: labelAt, color, isQuiet: false }];
    });
  }

  #drawHighlight({ source }: DayMapData): void {
    const visit = source.visit(this.#selected.jobId);
    const drawn = [this.#palette.ink, visit?.jobId, visit?.at?.lat, visit?.at?.lng, visit?.customerName].join(
      '|',
    );
    if (drawn === this.#highlightDrawn) return;
    this.#highlightDrawn = drawn;
    this.#highlight.clearLayers();
    if (!visit?.at) return;
    const ring = { radius: 12, color: this.#palette.ink, weight: 3, fill: false, interactive: false };
    L.circleMarker(visit.at, ring)
      .bindTooltip(`${visit.customerName} · ${visit.number}`, {
        direction: 'top',
        permanent: true,
        offset: [0, -10],
      })
      .addTo(this.#highlight);
  }

  #newDepot(depot: LatLng): L.Marker {
    const icon = L.divIcon({ className: 'map-depot', iconSize: [14, 14], html: '' });
    const marker = L.marker(depot, { icon, interactive: false, keyboard: false }).addTo(this.#map);
    marker.getElement()?.setAttribute('aria-hidden', 'true');
    return marker;
  }
}

/** Where one is: the communities visited, in grey, beneath every technician's name. */
function communityTags({ source, loose }: DayMapData, palette: Palette): NameTag[] {
  const seen = new Map<string, NameTag>();
  const collect = ({ community, at }: Visit): void => {
    if (!community || !at || seen.has(community)) return;
    seen.set(community, {
      id: `place-${community}`,
      text: community,
      at,
      color: palette.quietInk,
      isQuiet: true,
    });
  };
  for (const { id } of source.technicians) source.row(id).forEach(collect);
  loose.forEach(collect);
  return [...seen.values()];
}

/** Writes on the element what it shows, `lat,lng,zoom`: a canvas cannot be asked where a place is. */
function tellView(host: HTMLElement, map: L.Map): void {
  const { lat, lng } = map.getCenter();
  host.dataset.view = [lat.toFixed(6), lng.toFixed(6), map.getZoom()].join(',');
}
