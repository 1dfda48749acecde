/** Coordinates as people paste them: "39.9042, 116.4074", Chinese commas, or longitude first. */

import type { LatLng } from '../day/wire.ts';

/** Two numbers; where the first can only be a longitude they are swapped. Null when it is no place on earth. */
export function parseCoordinates(text: string): LatLng | null {
  const numbers = text.match(/[-+]?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [a, b] = numbers;
  if (numbers.length !== 2 || a === undefined || b === undefined) return null;
  if (Math.abs(a) <= 90 && Math.abs(b) <= 180) return { lat: a, lng: b };
  if (Math.abs(a) <= 180 && Math.abs(b) <= 90) return { lat: b, lng: a };
  return null;
}

/** Six decimals are 0.1 m: more would be noise. */
export const formatCoordinates = ({ lat, lng }: LatLng): string => `${lat.toFixed(6)}, ${lng.toFixed(6)}`;

const EARTH_RADIUS_M = 6_371_000;

/** Great-circle distance in metres. */
export function distanceM(a: LatLng, b: LatLng): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
}
