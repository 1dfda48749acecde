/** The day on a map: routes in each technician's colour, visits by state, positions. Loaded only when shown. */

import 'leaflet/dist/leaflet.css';
import './map.css';
import L from 'leaflet';
import { Leisure } from '../board/leisure.ts';
import type { Visit } from '../day/visit.ts';
import type { LatLng } from '../day/wire.ts';
import { KnownParts, NO_STYLE, type SceneData, type SceneItem, type Selected, sceneOf } from './day-scene.ts';
import { addGround, newMap } from './ground.ts';
import { NameLayer, type NameTag } from './name-layer.ts';
import { type Palette, readPalette } from './palette.ts';
import { boundsOf, routeLine } from './route-lines.ts';
import { SceneCanvas } from './scene-canvas.ts';

export interface DayMapData extends SceneData {
  readonly depot: LatLng | null;
  readonly center: LatLng | null;
}

export interface DayMapPorts {
  onJob(jobId: string, technicianId: string | null): void;
  onTechnician(technicianId: string): void;
  zoomIn: string;
  zoomOut: string;
}

const NOWHERE: LatLng = { lat: 0, lng: 0 };
/** Names come once the routes are to be seen; of changes that follow on one another only the last writes them. */
const NAMES_AFTER_MS = 100;

/** Stands from its first drawing on: a view of nothing would be drawn for nobody, and the board would wait for it. */
export class DayMapView {
  readonly #host: HTMLElement;
  readonly #map: L.Map;
  readonly #ports: DayMapPorts;
  readonly #scene = new SceneCanvas();
  readonly #parts = new KnownParts();
  readonly #names: NameLayer;
  readonly #resizes: ResizeObserver;
  readonly #chosen = L.tooltip({ direction: 'top', permanent: true, offset: [0, -10] });
  #ground: L.Layer;
  #palette: Palette = readPalette();
  #data: DayMapData | null = null;
  #selected: Selected = { jobId: null, technicianId: null };
  #depot: L.Marker | null = null;
  #isFitted = false;
  readonly #writing = new Leisure(() => this.#drawNames());

  constructor(host: HTMLElement, ports: DayMapPorts) {
    this.#host = host;
    this.#ports = ports;
    this.#map = newMap(host, ports);
    this.#map.on('moveend', () => tellView(host, this.#map));
    this.#ground = addGround(this.#map);
    this.#scene.addTo(this.#map);
    this.#names = new NameLayer(this.#map);
    this.#map.on('click', ({ containerPoint }) => this.#choose(this.#scene.hit(containerPoint)));
    this.#map.on('mousemove', ({ containerPoint }) => this.#pointAt(this.#scene.hit(containerPoint)));
    this.#resizes = new ResizeObserver(() => this.#map.invalidateSize({ animate: false }));
    this.#resizes.observe(host);
  }

  destroy(): void {
    this.#writing.end();
    this.#resizes.disconnect();
    this.#map.remove();
  }

  /** Draws what changed since the last time; the view stays where the dispatcher put it. */
  draw(data: DayMapData, selected: Selected): void {
    this.#data = data;
    this.#selected = selected;
    if (!this.#isFitted) this.fit();
    this.#scene.show(sceneOf(data, selected, this.#palette, this.#parts));
    this.#drawTooltip(data.source.visit(selected.jobId));
    if (data.depot && !this.#depot) this.#depot = this.#newDepot(data.depot);
    this.#writing.askIn(NAMES_AFTER_MS);
  }

  /** The system changed between light and dark: the next drawing is in other colours. */
  recolor(): void {
    this.#ground.remove();
    this.#ground = addGround(this.#map);
    this.#palette = readPalette();
  }

  /** Moves the map to a visit that lies outside the view. */
  reveal(jobId: string): void {
    const at = this.#data?.source.visit(jobId)?.at;
    if (at && !this.#map.getBounds().pad(-0.1).contains(at)) this.#map.panTo(at, { animate: false });
  }

  fit(): void {
    const data = this.#data;
    if (!data) return;
    const stops = data.source.technicians.flatMap(({ id }) => data.source.row(id));
    const places = [...stops, ...data.loose].flatMap((visit) => (visit.at ? [visit.at] : []));
    const bounds = boundsOf(places);
    if (!bounds) {
      this.#map.setView(data.center ?? NOWHERE, data.center ? 11 : 3, { animate: false });
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

  /** After the routes: a name is read once one has seen where to look. */
  #drawNames(): void {
    if (!this.#data) return;
    const tags = [
      ...routeTags(this.#data, this.#selected.technicianId),
      ...communityTags(this.#data, this.#palette),
    ];
    this.#names.show(tags, this.#palette.ground);
  }

  #drawTooltip(visit: Visit | null): void {
    if (!visit?.at) {
      this.#chosen.remove();
      return;
    }
    const text = `${visit.customerName} · ${visit.number}`;
    if (this.#chosen.getContent() !== text) this.#chosen.setContent(text);
    if (!this.#chosen.getLatLng()?.equals(visit.at)) this.#chosen.setLatLng(visit.at);
    if (!this.#map.hasLayer(this.#chosen)) this.#chosen.addTo(this.#map);
  }

  #choose(item: SceneItem | null): void {
    if (item?.kind === 'stop') this.#ports.onJob(item.jobId, item.technicianId);
    else if (item?.kind === 'person' || item?.kind === 'line') this.#ports.onTechnician(item.technicianId);
  }

  #pointAt(item: SceneItem | null): void {
    this.#host.classList.toggle('over', item !== null);
    const title = item?.kind === 'person' ? item.name : '';
    if (this.#host.title !== title) this.#host.title = title;
  }

  #newDepot(depot: LatLng): L.Marker {
    const icon = L.divIcon({ className: 'map-depot', iconSize: [14, 14], html: '' });
    const marker = L.marker(depot, { icon, interactive: false, keyboard: false }).addTo(this.#map);
    marker.getElement()?.setAttribute('aria-hidden', 'true');
    return marker;
  }
}

/** The chosen technician's name first, so that it always finds its place. */
function routeTags({ source, colors }: DayMapData, chosen: string | null): NameTag[] {
  const shown = chosen === null ? source.technicians : source.technicians.filter(({ id }) => id === chosen);
  return shown.flatMap((technician) => {
    const row = source.row(technician.id);
    const { labelAt } = routeLine(technician, row);
    if (!labelAt || row.length === 0) return [];
    const { color } = colors.get(technician.id) ?? NO_STYLE;
    return [{ id: technician.id, text: technician.name, at: labelAt, color, isQuiet: false }];
  });
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
