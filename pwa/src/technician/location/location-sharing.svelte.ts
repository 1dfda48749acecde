import type { Position } from '../../api/types.ts';
import type { TimedPosition } from '../../sync/ports.ts';
import { deviceMemory } from '../platform/device-memory.ts';

const WANTED = 'shangmen.location';
const FRESH_MS = 120_000;

/** Watches the phone's position while there is a reason to, and only while the technician agrees. */
export class LocationSharing {
  #isWanted = $state(deviceMemory.get(WANTED) !== 'off');
  #isActive = $state(false);
  #isDenied = $state(false);
  #watch: number | null = null;
  #last: TimedPosition | null = null;
  #onPosition: (position: TimedPosition) => void;
  #skew_ms: () => number;

  /** `skew_ms`: what is missing in this phone's clock for the server's. */
  constructor(onPosition: (position: TimedPosition) => void, skew_ms: () => number) {
    this.#onPosition = onPosition;
    this.#skew_ms = skew_ms;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  get isDenied(): boolean {
    return this.#isDenied;
  }

  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    deviceMemory.set(WANTED, isWanted ? 'on' : 'off');
  }

  /** `isDue`: on shift, and en route or on site. */
  follow(isDue: boolean): void {
    if (isDue && this.#isWanted) this.#start();
    else this.stop();
  }

  stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    this.#last = null;
    this.#isActive = false;
  }

  /** The position of a tap, when a recent one is known. */
  recent(now: number): { position: Position } | Record<string, never> {
    if (!this.#last || now - Date.parse(this.#last.at) > FRESH_MS) return {};
    const { lat, lng, accuracy_m } = this.#last;
    return { position: { lat, lng, accuracy_m } };
  }

  #start(): void {
    if (this.#watch !== null || !('geolocation' in navigator)) return;
    const options = { enableHighAccuracy: true, maximumAge: 30_000 };
    this.#watch = navigator.geolocation.watchPosition(
      (found) => this.#found(found),
      (error) => this.#failed(error),
      options,
    );
  }

  #found({ coords, timestamp }: GeolocationPosition): void {
    const at = new Date(timestamp + this.#skew_ms()).toISOString();
    this.#isActive = true;
    this.#isDenied = false;
    this.#last = { at, lat: coords.latitude, lng: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
    this.#onPosition(this.#last);
  }

  #failed(error: GeolocationPositionError): void {
    if (error.code !== error.PERMISSION_DENIED) return;
    this.stop();
    this.#isDenied = true;
  }
}
