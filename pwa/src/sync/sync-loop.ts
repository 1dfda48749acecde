import { BackOff } from './back-off.ts';
import type { Cancel, Clock, Ids, Locks, Network, SyncStore, Transport } from './ports.ts';
import { PositionLog } from './position-log.ts';
import { Puller } from './puller.ts';
import { Sender } from './sender.ts';

export interface SyncPorts {
  store: SyncStore;
  transport: Transport;
  clock: Clock;
  ids: Ids;
  locks: Locks;
  network: Network;
  /** A cycle failed for a reason that is neither the network's nor the server's, such as a full disk. */
  onError: (error: unknown) => void;
}

/** `offline`: nobody answered; `waiting`: the server answered that it can't now. */
export type SyncState = 'idle' | 'working' | 'offline' | 'waiting' | 'signed_out' | 'stopped';

type CycleResult = 'done' | 'retry_network' | 'retry_server' | 'signed_out';

const LOCK = 'shangmen-sync';

/** Runs one cycle at a time over all tabs: send, then pull, then positions; waits and tries again when it must. */
export class SyncLoop {
  readonly positions: PositionLog;
  #ports: SyncPorts;
  #backOff: BackOff;
  #sender: Sender;
  #puller: Puller;
  #state: SyncState = 'idle';
  #listeners = new Set<(state: SyncState) => void>();
  #running: Promise<void> | null = null;
  #isAgain = false;
  #cancelTimer: Cancel = () => undefined;
  #cancelOnline: Cancel;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
    this.#backOff = new BackOff(ports.ids);
    this.positions = new PositionLog(ports.store, ports.transport);
    this.#sender = new Sender({
      store: ports.store,
      transport: ports.transport,
      now: () => new Date(ports.clock.now()).toISOString(),
      onProgress: () => this.#backOff.reset(),
    });
    this.#puller = new Puller(ports);
    this.#cancelOnline = ports.network.onOnline(() => this.retryNow());
  }

  get state(): SyncState {
    return this.#state;
  }

  onState(run: (state: SyncState) => void): Cancel {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }

  /** Something is worth sending or fetching. Calls during a cycle lead to one more cycle after it. */
  request(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    if (this.#running) {
      this.#isAgain = true;
      return this.#running;
    }
    this.#cancelTimer();
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** The network came back or the technician asked: no more waiting. */
  retryNow(): Promise<void> {
    this.#backOff.reset();
    return this.request();
  }

  stop(): void {
    this.#cancelTimer();
    this.#cancelOnline();
    this.#setState('stopped');
  }

  async #run(): Promise<void> {
    let result: CycleResult;
    do {
      this.#isAgain = false;
      this.#setState('working');
      result = await this.#lockedCycle();
    } while (this.#isAgain && result === 'done' && !this.#isStopped());
    this.#finish(result);
  }

  async #lockedCycle(): Promise<CycleResult> {
    try {
      return await this.#ports.locks.exclusive(LOCK, () => this.#cycle());
    } catch (error) {
      this.#ports.onError(error);
      return 'retry_server';
    }
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  #finish(result: CycleResult): void {
    if (this.#isStopped()) return;
    if (result === 'retry_network') this.#wait('offline', 'network');
    else if (result === 'retry_server') this.#wait('waiting', 'server');
    else this.#setState(result === 'done' ? 'idle' : 'signed_out');
  }

  /** The network's event ends the waiting early, but phones lie about being online in both directions. */
  #wait(state: SyncState, reason: 'network' | 'server'): void {
    this.#setState(state);
    this.#cancelTimer = this.#ports.clock.after(this.#backOff.next_ms(reason), () => void this.request());
  }

  async #cycle(): Promise<CycleResult> {
    if (this.#isStopped()) return 'done';
    const sent = await this.#sender.flush();
    if (sent === 'signed_out') return 'signed_out';
    if (sent === 'retry_network') return sent;
    const pulled = await this.#puller.pull();
    if (pulled !== 'pulled') return pulled;
    const located = await this.positions.flush();
    if (located === 'signed_out') return 'signed_out';
    const isClean = sent === 'empty' && located !== 'retry';
    if (isClean) this.#backOff.reset();
    return isClean ? 'done' : 'retry_server';
  }

  #setState(state: SyncState): void {
    if (this.#isStopped()) return;
    this.#state = state;
    for (const run of this.#listeners) run(state);
  }
}
