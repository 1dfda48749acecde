import { beforeAll, describe, expect, it } from 'vitest';
import { ZoneClock } from '../day/zone-clock.ts';
import { texts } from '../i18n/texts.svelte.ts';
import { reasonsFor, whoOf } from './ranked.ts';
import type { RankedRead } from './wire.ts';

const clock = new ZoneClock('Asia/Shanghai');
const technician: RankedRead = {
  technician_id: 'li',
  vendor_id: null,
  name: '李明',
  start: '2026-11-23T02:15:00Z',
  why: { price_fen: 9600, distance_m: 3240, visits: 4, level: 3, level_needed: 2 },
};
const vendor: RankedRead = {
  technician_id: null,
  vendor_id: 'quick',
  name: '快修',
  start: null,
  why: { price_fen: 12000 },
};

describe('the ranking in words', () => {
  beforeAll(() => texts.use('en'));

  it('tells price, start, way and what else there is that day', () => {
    expect(reasonsFor(technician, clock)).toBe('¥96.00 · from 10:15 · 3.2 km · 4 visits that day');
  });

  it('tells that a vendor sends one of its own', () => {
    expect(reasonsFor(vendor, clock)).toBe('¥120.00 · sends its own technician');
  });

  it('leaves out what is not known', () => {
    expect(reasonsFor({ ...technician, start: null, why: {} }, clock)).toBe('');
  });

  it('knows people by technician, else by vendor', () => {
    expect([whoOf(technician), whoOf(vendor)]).toEqual(['li', 'quick']);
  });
});
