import type { JobSheet, LatLng } from '../../api/types.ts';
import { deviceMemory } from '../platform/device-memory.ts';

export type MapApp = 'phone' | 'amap' | 'baidu' | 'google';

export const MAP_APPS: readonly MapApp[] = ['amap', 'baidu', 'google', 'phone'];

const CHOSEN = 'shangmen.map';
const IS_APPLE = /iPhone|iPad|iPod/;
const SOURCE = 'shangmen';

const pair = (first: number, second: number) => `${first.toFixed(6)},${second.toFixed(6)}`;

function query(base: string, values: Record<string, string>): string {
  return `${base}?${new URLSearchParams(values)}`;
}

/** The phone's own choice of map, by the standard links, which speak WGS-84. */
function phoneLink(here: LatLng, name: string, userAgent: string): string {
  const at = pair(here.lat, here.lng);
  const label = encodeURIComponent(name);
  if (IS_APPLE.test(userAgent)) return `maps://?daddr=${at}&q=${label}`;
  return `geo:${at}?q=${at}(${label})`;
}

/** Driving there with one map app, in the coordinates that app's map is drawn in; null without a location. */
export function mapLink(app: MapApp, job: JobSheet, userAgent = navigator.userAgent): string | null {
  const { lat, lng, address } = job.place;
  if (lat === null || lng === null) return null;
  const here = { lat, lng };
  const { gcj02, bd09 } = job.map_points ?? { gcj02: here, bd09: here };
  if (app === 'amap') {
    const to = `${pair(gcj02.lng, gcj02.lat)},${address}`;
    return query('https://uri.amap.com/navigation', {
      to,
      mode: 'car',
      coordinate: 'gaode',
      callnative: '1',
      src: SOURCE,
    });
  }
  if (app === 'baidu') {
    const destination = `name:${address}|latlng:${pair(bd09.lat, bd09.lng)}`;
    return query('baidumap://map/direction', {
      destination,
      coord_type: 'bd09ll',
      mode: 'driving',
      src: SOURCE,
    });
  }
  if (app === 'google') {
    return query('https://www.google.com/maps/dir/', {
      api: '1',
      destination: pair(gcj02.lat, gcj02.lng),
      travelmode: 'driving',
    });
  }
  return phoneLink(here, address, userAgent);
}

export function chosenMapApp(): MapApp | null {
  return MAP_APPS.find((app) => app === deviceMemory.get(CHOSEN)) ?? null;
}

export function chooseMapApp(app: MapApp): void {
  deviceMemory.set(CHOSEN, app);
}
