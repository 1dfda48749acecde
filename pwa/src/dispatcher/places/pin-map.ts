/** A map with one pin that is placed by a click, dragged, or moved with the arrow keys. */

import 'leaflet/dist/leaflet.css';
import '../map/map.css';
import L from 'leaflet';
import type { LatLng } from '../day/wire.ts';
import { addGround, newMap } from '../map/ground.ts';
import { NameLayer } from '../map/name-layer.ts';
import { readPalette } from '../map/palette.ts';

export interface Landmark extends LatLng {
  readonly name: string;
}

export interface PinPorts {
  onPlace(at: LatLng): void;
  pinTitle: string;
  zoomIn: string;
  zoomOut: string;
}

const STEP_PX = 8;
const ARROWS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-STEP_PX, 0],
  ArrowRight: [STEP_PX, 0],
  ArrowUp: [0, -STEP_PX],
  ArrowDown: [0, STEP_PX],
};

export class PinMap {
  readonly #map: L.Map;
  readonly #ports: PinPorts;
  readonly #names: NameLayer;
  readonly #landmarks = L.layerGroup();
  readonly #resizes: ResizeObserver;
  #pin: L.Marker | null = null;

  constructor(host: HTMLElement, center: LatLng, ports: PinPorts) {
    this.#ports = ports;
    this.#map = newMap(host, ports).setView(center, 11, { animate: false });
    addGround(this.#map);
    this.#landmarks.addTo(this.#map);
    this.#names = new NameLayer(this.#map);
    this.#map.on('click', ({ latlng }) => this.#placed(latlng));
    this.#resizes = new ResizeObserver(() => this.#map.invalidateSize({ animate: false }));
    this.#resizes.observe(host);
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#map.remove();
  }

  /** Known places nearby, so that a map without streets can still be read. */
  showLandmarks(landmarks: readonly Landmark[]): void {
    const { quietInk: ink, ground } = readPalette();
    this.#landmarks.clearLayers();
    for (const place of landmarks) {
      L.circleMarker(place, {
        radius: 3,
        color: ink,
        weight: 1,
        fillColor: ink,
        fillOpacity: 0.6,
        interactive: false,
      }).addTo(this.#landmarks);
    }
    const tags = landmarks.map((place) => ({
      id: place.name,
      text: place.name,
      at: place,
      color: ink,
      isQuiet: true,
    }));
    this.#names.show(tags, ground);
  }

  /** Puts the pin somewhere, or takes it away. */
  set(at: LatLng | null): void {
    if (!at) {
      this.#pin?.remove();
      this.#pin = null;
      return;
    }
    if (this.#pin) this.#pin.setLatLng(at);
    else this.#pin = this.#newPin(at);
    if (!this.#map.getBounds().contains(at)) this.#map.panTo(at, { animate: false });
  }

  center(at: LatLng): void {
    this.#map.setView(at, 11, { animate: false });
  }

  #newPin(at: LatLng): L.Marker {
    const icon = L.divIcon({ className: 'map-pin', iconSize: [28, 34], iconAnchor: [14, 32], html: '' });
    const pin = L.marker(at, { icon, draggable: true, autoPan: true, title: this.#ports.pinTitle }).addTo(
      this.#map,
    );
    pin.on('dragend', () => this.#placed(pin.getLatLng()));
    const element = pin.getElement();
    element?.setAttribute('aria-label', this.#ports.pinTitle);
    element?.addEventListener('keydown', (event) => this.#onKey(event, pin));
    return pin;
  }

  #onKey(event: KeyboardEvent, pin: L.Marker): void {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const point = this.#map.latLngToContainerPoint(pin.getLatLng());
    this.#placed(this.#map.containerPointToLatLng([point.x + step[0], point.y + step[1]]));
  }

  #placed({ lat, lng }: LatLng): void {
    this.set({ lat, lng });
    this.#ports.onPlace({ lat, lng });
  }
}
