/** The quiet ground of a map without tiles: a kilometre grid that asks nothing of any server. */

import L from 'leaflet';
import { readPalette } from './palette.ts';

const METRES_PER_DEGREE = 111_320;
const STEPS_M = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const MIN_GAP_PX = 90;
const MAX_LAT = 85;

/** The step at which grid lines are at least `MIN_GAP_PX` apart. */
export function gridStepM(metresPerPx: number): number {
  return STEPS_M.find((step) => step / metresPerPx >= MIN_GAP_PX) ?? 200_000;
}

/** Lines for the view and as much around it, as one drawing: tiles of canvas cost the browser with every frame. */
function gridLines(map: L.Map): L.LatLngTuple[][] {
  const view = map.getBounds();
  const cos = Math.cos((view.getCenter().lat * Math.PI) / 180);
  const widthM = (view.getEast() - view.getWest()) * METRES_PER_DEGREE * cos;
  const step = gridStepM(widthM / Math.max(1, map.getSize().x)) / METRES_PER_DEGREE;
  const stepLng = step * 1.3; // near square in the middle latitudes
  const around = view.pad(0.5);
  const [south, north] = [Math.max(-MAX_LAT, around.getSouth()), Math.min(MAX_LAT, around.getNorth())];
  const [west, east] = [around.getWest(), around.getEast()];
  const lines: L.LatLngTuple[][] = [];
  for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
    lines.push([
      [lat, west],
      [lat, east],
    ]);
  }
  for (let lng = Math.ceil(west / stepLng) * stepLng; lng < east; lng += stepLng) {
    lines.push([
      [south, lng],
      [north, lng],
    ]);
  }
  return lines;
}

/** Adds the ground to a map; take it off and add it again when the colours change. */
export function addGround(map: L.Map): L.Polyline {
  const { ground, line } = readPalette();
  map.getContainer().style.background = ground;
  const grid = L.polyline([], {
    renderer: L.svg({ pane: 'tilePane', padding: 0.5 }),
    interactive: false,
    noClip: true,
    smoothFactor: 0,
    color: line,
    weight: 1,
  });
  const draw = (): void => void grid.setLatLngs(gridLines(map));
  return grid
    .on('add', () => map.on('moveend', draw))
    .on('remove', () => map.off('moveend', draw))
    .on('add', draw)
    .addTo(map);
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
