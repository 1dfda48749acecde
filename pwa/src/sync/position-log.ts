import type { PositionsOutcome, SyncStore, TimedPosition, Transport } from './ports.ts';

/** The most positions the server takes at once. */
const BATCH = 100;
const MOVED_M = 200;
const SPACED_MS = 60_000;
const EARTH_RADIUS_M = 6_371_000;

type Point = Pick<TimedPosition, 'lat' | 'lng'>;

/** Great-circle length in metres. */
export function metresBetween(a: Point, b: Point): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
}

/** Where the technician was, kept sparse: a point a minute, or after 200 m. */
export class PositionLog {
  #store: SyncStore;
  #transport: Transport;
  #last: TimedPosition | null = null;

  constructor(store: SyncStore, transport: Transport) {
    this.#store = store;
    this.#transport = transport;
  }

  /** True when the point says something new and was kept. */
  async record(position: TimedPosition): Promise<boolean> {
    const last = this.#last;
    if (last) {
      const waited_ms = Date.parse(position.at) - Date.parse(last.at);
      if (waited_ms < SPACED_MS && metresBetween(last, position) < MOVED_M) return false;
    }
    this.#last = position;
    await this.#store.transact((tx) => tx.putPosition(position));
    return true;
  }

  /** Sends what was kept. Refused positions are dropped: nobody may be located by them anyway. */
  async flush(): Promise<PositionsOutcome['outcome']> {
    for (;;) {
      const batch = await this.#store.transact((tx) => tx.positions(BATCH));
      if (batch.length === 0) return 'stored';
      const { outcome } = await this.#transport.sendPositions(batch);
      if (outcome === 'retry' || outcome === 'signed_out') return outcome;
      await this.#store.transact((tx) => tx.deletePositions(batch.map((position) => position.at)));
    }
  }
}
