/** The lines a map draws for a day: home, then each visit in order. */

import type { Technician, Visit } from '../day/visit.ts';
import type { LatLng } from '../day/wire.ts';

export interface RouteLine {
  readonly technicianId: string;
  readonly name: string;
  readonly points: readonly LatLng[];
  /** Where the name stands: the middle of the longest leg, so that it rarely covers a stop. */
  readonly labelAt: LatLng | null;
}

export function routeLine(technician: Technician, row: readonly Visit[]): RouteLine {
  const points: LatLng[] = technician.home ? [technician.home] : [];
  for (const visit of row) if (visit.at) points.push(visit.at);
  return { technicianId: technician.id, name: technician.name, points, labelAt: longestLegMiddle(points) };
}

function longestLegMiddle(points: readonly LatLng[]): LatLng | null {
  let best: LatLng | null = null;
  let longest = -1;
  for (let i = 1; i < points.length; i += 1) {
    const a = points[i - 1];
    const b = points[i];
    if (!a || !b) continue;
    const length = legLength(a, b);
    if (length > longest) {
      longest = length;
      best = { lat: (a.lat + b.lat) / 2, lng: (a.lng + b.lng) / 2 };
    }
  }
  return best ?? points[0] ?? null;
}

/** Squared length in degrees corrected for latitude; good for comparing legs within a city. */
function legLength(a: LatLng, b: LatLng): number {
  const dLng = (a.lng - b.lng) * Math.cos((a.lat * Math.PI) / 180);
  return (a.lat - b.lat) ** 2 + dLng ** 2;
}

export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

export function boundsOf(points: Iterable<LatLng>): Bounds | null {
  const bounds = { south: Infinity, west: Infinity, north: -Infinity, east: -Infinity };
  for (const { lat, lng } of points) {
    if (lat < bounds.south) bounds.south = lat;
    if (lat > bounds.north) bounds.north = lat;
    if (lng < bounds.west) bounds.west = lng;
    if (lng > bounds.east) bounds.east = lng;
  }
  return bounds.south <= bounds.north ? bounds : null;
}
