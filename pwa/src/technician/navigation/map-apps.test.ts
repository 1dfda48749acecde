import { describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { MAP_APPS, mapLink } from './map-apps.ts';

// Tiananmen: the three published positions of one place.
const place = { address: '天安门 1 号', community: '天安门', lat: 39.907333, lng: 116.391083 };
const map_points = {
  gcj02: { lat: 39.908737, lng: 116.397326 },
  bd09: { lat: 39.915085, lng: 116.403694 },
};
const job = jobSheet({ place, map_points });
const ANDROID = 'Mozilla/5.0 (Linux; Android 12)';

const linkOf = (app: (typeof MAP_APPS)[number], userAgent = ANDROID) =>
  new URL(mapLink(app, job, userAgent) ?? '');

describe('handing a place over to a map', () => {
  it('gives AMap its own coordinates, east first', () => {
    const { host, searchParams } = linkOf('amap');
    expect(host).toBe('uri.amap.com');
    expect(searchParams.get('to')).toBe('116.397326,39.908737,天安门 1 号');
    expect(searchParams.get('coordinate')).toBe('gaode');
  });

  it('gives Baidu its own coordinates, north first', () => {
    const { searchParams } = linkOf('baidu');
    expect(searchParams.get('destination')).toBe('name:天安门 1 号|latlng:39.915085,116.403694');
    expect(searchParams.get('coord_type')).toBe('bd09ll');
  });

  it('gives Google what its roads in China are drawn in', () => {
    expect(linkOf('google').searchParams.get('destination')).toBe('39.908737,116.397326');
  });

  it('gives the phone’s own map the coordinates of the satellites', () => {
    expect(mapLink('phone', job, ANDROID)).toMatch(/^geo:39\.907333,116\.391083\?q=/);
    expect(mapLink('phone', job, 'iPhone')).toMatch(/^maps:\/\/\?daddr=39\.907333,116\.391083/);
  });

  it('has no link to a place without a location', () => {
    const nowhere = jobSheet({ place: { ...place, lat: null, lng: null }, map_points: null });
    expect(MAP_APPS.map((app) => mapLink(app, nowhere, ANDROID))).toEqual([null, null, null, null]);
  });
});
