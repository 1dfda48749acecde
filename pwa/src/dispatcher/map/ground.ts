/** The quiet ground of a map without tiles: a kilometre grid, drawn on canvas, that asks nothing of any server. */

import L from 'leaflet';
import { type Palette, readPalette } from './palette.ts';

const METRES_PER_DEGREE = 111_320;
const STEPS_M = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const MIN_GAP_PX = 90;

/** The step at which grid lines are at least `MIN_GAP_PX` apart. */
export function gridStepM(metresPerPx: number): number {
  return STEPS_M.find((step) => step / metresPerPx >= MIN_GAP_PX) ?? 200_000;
}

class GroundLayer extends L.GridLayer {
  readonly colors = readPalette();

  override createTile(coords: L.Coords): HTMLElement {
    const tile = document.createElement('canvas');
    const size = this.getTileSize();
    tile.width = size.x;
    tile.height = size.y;
    const context = tile.getContext('2d');
    if (context) drawGrid(context, this._map, coords, size, this.colors);
    return tile;
  }
}

function drawGrid(
  context: CanvasRenderingContext2D,
  map: L.Map,
  coords: L.Coords,
  size: L.Point,
  colors: Palette,
): void {
  const origin = coords.scaleBy(size);
  const topLeft = map.unproject(origin, coords.z);
  const bottomRight = map.unproject(origin.add(size), coords.z);
  const cos = Math.cos((topLeft.lat * Math.PI) / 180);
  const metresPerPx = ((bottomRight.lng - topLeft.lng) * METRES_PER_DEGREE * cos) / size.x;
  const step = gridStepM(metresPerPx) / METRES_PER_DEGREE;
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let lat = Math.ceil(bottomRight.lat / step) * step; lat < topLeft.lat; lat += step) {
    const y = Math.round(map.project([lat, topLeft.lng], coords.z).y - origin.y) + 0.5;
    context.moveTo(0, y);
    context.lineTo(size.x, y);
  }
  const stepLng = step * 1.3; // near square in the middle latitudes, and the same for every tile
  for (let lng = Math.ceil(topLeft.lng / stepLng) * stepLng; lng < bottomRight.lng; lng += stepLng) {
    const x = Math.round(map.project([topLeft.lat, lng], coords.z).x - origin.x) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, size.y);
  }
  context.stroke();
}

/** Adds the ground to a map; take it off and add it again when the colours change. */
export function addGround(map: L.Map): L.GridLayer {
  const layer = new GroundLayer({ pane: 'tilePane', updateWhenZooming: false });
  map.getContainer().style.background = layer.colors.ground;
  return layer.addTo(map);
}

export function newMap(host: HTMLElement, locale: { zoomIn: string; zoomOut: string }): L.Map {
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = L.map(host, {
    preferCanvas: true,
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: !isStill,
    fadeAnimation: false,
    markerZoomAnimation: !isStill,
    zoomSnap: 0.25,
    zoomDelta: 0.75,
    minZoom: 3,
    maxZoom: 18,
  });
  L.control
    .zoom({ position: 'topright', zoomInTitle: locale.zoomIn, zoomOutTitle: locale.zoomOut })
    .addTo(map);
  L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
  return map;
}
