import { IndexedDbStore } from '../../store/indexed-db-store.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { Operation } from '../operation.ts';
import { Outbox } from '../outbox.ts';
import type { JobRow, SyncStore } from '../ports.ts';
import { readQueue } from '../queue.ts';
import { SyncLoop } from '../sync-loop.ts';
import { FakeServer } from './fake-server.ts';
import { FakeTransport, type Fate } from './fake-transport.ts';
import { CountingIds, FakeClock, FakeLocks, FakeNetwork, nodeHasher } from './fakes.ts';

export interface Phone {
  server: FakeServer;
  store: SyncStore;
  clock: FakeClock;
  network: FakeNetwork;
  locks: FakeLocks;
  outbox: Outbox;
  loop: SyncLoop;
  transport: FakeTransport;
  errors: unknown[];
  queue(): Promise<Operation[]>;
  row(id?: string): Promise<JobRow | undefined>;
}

export interface PhoneOptions {
  store?: SyncStore;
  fate?: (what: string) => Fate;
}

/** One tab of one technician's phone with a fake of everything around the sync engine. */
export function newPhone({ store = new MemoryStore(), fate }: PhoneOptions = {}): Phone {
  const server = new FakeServer();
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const locks = new FakeLocks();
  const ids = new CountingIds();
  const errors: unknown[] = [];
  const transport = new FakeTransport(server, clock, fate);
  const outbox = new Outbox({ store, clock, ids, hasher: nodeHasher });
  const onError = (error: unknown) => void errors.push(error);
  const loop = new SyncLoop({ store, transport, clock, ids, locks: locks.forTab('tab'), network, onError });
  const queue = () => store.transact((tx) => readQueue(tx, new Date(clock.now()).toISOString()));
  const row = (id = 'job-1') => store.transact((tx) => tx.job(id));
  return { server, store, clock, network, locks, outbox, loop, transport, errors, queue, row };
}

let databases = 0;

export const STORES: [string, () => SyncStore][] = [
  ['memory', () => new MemoryStore()],
  ['IndexedDB', () => new IndexedDbStore(`phone-${++databases}`)],
];

/** A fate per request of one kind, in order; everything after and everything else passes. */
export function fates(what: string, ...planned: Fate[]): (request: string) => Fate {
  return (request) => (request === what ? (planned.shift() ?? 'pass') : 'pass');
}
