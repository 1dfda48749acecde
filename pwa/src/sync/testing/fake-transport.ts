import type { Operation } from '../operation.ts';
import type {
  BatchOutcome,
  BlobOutcome,
  Clock,
  PositionsOutcome,
  PresenceOutcome,
  PullOutcome,
  Retry,
  SignedOut,
  StoredBlob,
  TimedPosition,
  Transport,
} from '../ports.ts';
import type { FakeServer } from './fake-server.ts';

const NETWORK: Retry = { outcome: 'retry', reason: 'network' };
const SERVER: Retry = { outcome: 'retry', reason: 'server' };

/** What happens to one request: `lost` never arrives, `cut` arrives but its reply does not, `halved` is
 * half done when the server dies. */
export type Fate = 'pass' | 'lost' | 'cut' | 'halved' | 'doubled' | 'server_error' | 'signed_out';

/** A connection to the fake server whose fate is decided request by request. */
export class FakeTransport implements Transport {
  readonly log: string[] = [];
  #server: FakeServer;
  #clock: Clock;
  #fate: (what: string) => Fate;

  constructor(server: FakeServer, clock: Clock, fate: (what: string) => Fate = () => 'pass') {
    this.#server = server;
    this.#clock = clock;
    this.#fate = fate;
  }

  async hasBlob(sha256: string): Promise<PresenceOutcome> {
    return this.#through<PresenceOutcome>('has', () => ({
      outcome: this.#server.blobs.has(sha256) ? 'there' : 'missing',
    }));
  }

  async putBlob(sha256: string, blob: StoredBlob): Promise<BlobOutcome> {
    return this.#through('blob', () => this.#server.putBlob(sha256, blob));
  }

  async send(operations: readonly Operation[]): Promise<BatchOutcome> {
    const what = operations.length === 1 ? (operations[0]?.kind ?? '') : 'batch';
    return this.#through<BatchOutcome>(what, (isHalf) => {
      const heard = isHalf ? operations.slice(0, Math.ceil(operations.length / 2)) : operations;
      return { outcome: 'replied', replies: heard.map((operation) => this.#server.command(operation)) };
    });
  }

  async pull(cursor: string | null): Promise<PullOutcome> {
    return this.#through('pull', () => this.#server.pull(cursor, new Date(this.#clock.now()).toISOString()));
  }

  async sendPositions(positions: readonly TimedPosition[]): Promise<PositionsOutcome> {
    return this.#through<PositionsOutcome>('positions', () => {
      for (const position of positions) this.#server.positions.set(position.at, position);
      return { outcome: 'stored' };
    });
  }

  async #through<T>(what: string, reach: (isHalf?: boolean) => T): Promise<T | Retry | SignedOut> {
    const fate = this.#fate(what);
    this.log.push(`${what}:${fate}`);
    await Promise.resolve();
    if (fate === 'lost') return NETWORK;
    if (fate === 'server_error') return SERVER;
    if (fate === 'signed_out') return { outcome: 'signed_out' };
    if (fate === 'halved') {
      reach(true);
      return NETWORK;
    }
    const reply = reach();
    if (fate === 'doubled') return reach();
    return fate === 'cut' ? NETWORK : reply;
  }
}
