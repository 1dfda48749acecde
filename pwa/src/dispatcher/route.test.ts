import { describe, expect, it } from 'vitest';
import { lineRanges } from './imports/line-ranges.ts';
import { distanceM, parseCoordinates } from './places/coordinates.ts';
import { formatRoute, parseRoute } from './route.ts';

describe('the address bar', () => {
  it('keeps region, day and the selected job through a reload', () => {
    const hash = formatRoute({ screen: 'day', regionId: 'r1', day: '2026-11-23', jobId: 'j1' });
    expect(parseRoute(hash)).toMatchObject({ screen: 'day', regionId: 'r1', day: '2026-11-23', jobId: 'j1' });
  });

  it('keeps how the day is looked at, whatever the job', () => {
    const route = parseRoute('#/day?state=failed&state=at_risk&region=r1&group=vendor&job=j1');
    expect(route).toMatchObject({
      regionId: 'r1',
      jobId: 'j1',
      lens: 'state=failed&state=at_risk&group=vendor',
    });
    expect(parseRoute(formatRoute({ ...route, jobId: null }))).toEqual({ ...route, jobId: null });
  });

  it('keeps the month and the vendor of a statement', () => {
    const route = parseRoute('#/statements/2026-11/v1');
    expect(route).toMatchObject({ screen: 'statements', id: '2026-11/v1' });
    expect(formatRoute(route)).toBe('#/statements/2026-11/v1');
  });

  it('opens one import by its id', () => {
    expect(parseRoute('#/imports/42')).toMatchObject({ screen: 'import', id: '42' });
  });

  it.each(['', '#/', '#/nowhere', '#/day?day=yesterday'])('shows the day for %j', (hash) => {
    expect(parseRoute(hash)).toMatchObject({ screen: 'day', day: null });
  });
});

describe('parseCoordinates', () => {
  it.each([
    ['39.9042, 116.4074', { lat: 39.9042, lng: 116.4074 }],
    ['116.4074，39.9042', { lat: 39.9042, lng: 116.4074 }],
    ['-33.86 151.2', { lat: -33.86, lng: 151.2 }],
  ])('reads %j', (text, place) => {
    expect(parseCoordinates(text)).toEqual(place);
  });

  it.each(['', '39.9', '139.9, 116.4', '1, 2, 3'])('refuses %j', (text) => {
    expect(parseCoordinates(text)).toBeNull();
  });
});

describe('distanceM', () => {
  it('is 111 km for a degree of latitude', () => {
    expect(distanceM({ lat: 39, lng: 116 }, { lat: 40, lng: 116 })).toBeCloseTo(111_195, -2);
  });
});

describe('lineRanges', () => {
  it('joins neighbouring lines', () => {
    expect(lineRanges([4, 2, 3, 9])).toBe('2–4, 9');
    expect(lineRanges([7])).toBe('7');
  });
});
