import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TimedPosition } from '../../sync/ports.ts';
import { LocationSharing } from './location-sharing.svelte.ts';

const DENIED = { code: 1, PERMISSION_DENIED: 1 } as GeolocationPositionError;
const FOUND = {
  coords: { latitude: 39.9, longitude: 116.4, accuracy: 12.4 },
  timestamp: Date.parse('2026-11-22T01:00:00Z'),
} as GeolocationPosition;

/** The browser's receiver: who watches, and what they are told. */
class Receiver {
  watches = new Map<number, [PositionCallback, PositionErrorCallback]>();
  watchPosition(found: PositionCallback, failed: PositionErrorCallback): number {
    this.watches.set(this.watches.size + 1, [found, failed]);
    return this.watches.size;
  }
  clearWatch(id: number): void {
    this.watches.delete(id);
  }
  tell(position: GeolocationPosition): void {
    for (const [found] of this.watches.values()) found(position);
  }
  fail(error: GeolocationPositionError): void {
    for (const [, failed] of this.watches.values()) failed(error);
  }
}

let receiver: Receiver;
let told: TimedPosition[];
let sharing: LocationSharing;

beforeEach(() => {
  receiver = new Receiver();
  vi.stubGlobal('navigator', { geolocation: receiver });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  told = [];
  sharing = new LocationSharing(
    (position) => told.push(position),
    () => 60_000,
  );
});
afterEach(() => vi.unstubAllGlobals());

it('watches once while there is a reason, and tells by the server’s clock', () => {
  sharing.follow(true);
  sharing.follow(true);
  expect(receiver.watches.size).toBe(1);
  receiver.tell(FOUND);
  expect(told).toEqual([{ at: '2026-11-22T01:01:00.000Z', lat: 39.9, lng: 116.4, accuracy_m: 12 }]);
  expect(sharing.isActive).toBe(true);
});

it('stops when the reason is gone and forgets where the phone was', () => {
  sharing.follow(true);
  receiver.tell(FOUND);
  sharing.follow(false);
  expect(receiver.watches.size).toBe(0);
  expect(sharing.isActive).toBe(false);
  expect(sharing.recent(FOUND.timestamp)).toEqual({});
});

it('stays off for who turned it off, with a reason or without', () => {
  sharing.follow(true);
  sharing.want(false);
  sharing.follow(true);
  expect(receiver.watches.size).toBe(0);
});

it('says that the phone refuses', () => {
  sharing.follow(true);
  receiver.fail(DENIED);
  expect(sharing.isDenied).toBe(true);
  expect(receiver.watches.size).toBe(0);
});
