import { MemoryStore } from '../../store/memory-store.ts';
import type { Command, Operation } from '../operation.ts';
import { Outbox } from '../outbox.ts';
import type { JobRow, SyncStore } from '../ports.ts';
import { readQueue } from '../queue.ts';
import { SyncLoop } from '../sync-loop.ts';
import { FakeServer } from './fake-server.ts';
import { FakeTransport, type Fate } from './fake-transport.ts';
import { CountingIds, FakeClock, FakeLocks, FakeNetwork, nodeHasher, SeededRandom, settle } from './fakes.ts';
import { jobSheet } from './job-sheet.ts';

export interface FuzzOptions {
  seed: number;
  steps?: number;
  store?: SyncStore;
  server?: FakeServer;
}

/** What the run left on both sides, for the invariants to judge. */
export interface FuzzResult {
  server: FakeServer;
  rows: JobRow[];
  left: Operation[];
  /** Every operation that was ever put into the queue. */
  created: Operation[];
  errors: unknown[];
}

interface Tab {
  name: string;
  loop: SyncLoop;
  outbox: Outbox;
  network: FakeNetwork;
}

const JOBS = 4;
const FATES: readonly Fate[] = [
  'pass',
  'pass',
  'pass',
  'lost',
  'cut',
  'cut',
  'halved',
  'doubled',
  'server_error',
];
const EPOCH_MS = 3_600_000;

/** A technician on two tabs, a bad network and a busy dispatcher, all driven by one seed. */
export class Fuzz {
  #random: SeededRandom;
  #clock = new FakeClock();
  #locks = new FakeLocks();
  #server: FakeServer;
  #store: SyncStore;
  #tabs: Tab[] = [];
  #steps: number;
  #generation = 0;
  #isStormy = true;
  #late: (() => void)[] = [];
  #created = new Map<string, Operation>();
  #errors: unknown[] = [];
  #seed: number;
  #dead = new Set<string>();

  constructor({ seed, steps = 60, store = new MemoryStore(), server = new FakeServer() }: FuzzOptions) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
    this.#steps = steps;
    this.#store = store;
    this.#server = server;
  }

  async run(): Promise<FuzzResult> {
    for (let n = 1; n <= JOBS; n++) this.#server.put(jobSheet({ id: `job-${n}`, visit_id: `visit-${n}` }));
    this.#tabs = [this.#open(), this.#open()];
    await this.#calmly(() => this.#tabs[0]?.loop.request());
    for (let step = 0; step < this.#steps; step++) await this.#step();
    await this.#comeToRest();
    const rows = await this.#store.transact((tx) => tx.jobs());
    const left = await this.#queue();
    return {
      server: this.#server,
      rows,
      left,
      created: [...this.#created.values()],
      errors: this.#errors,
    };
  }

  #open(): Tab {
    const name = `tab-${++this.#generation}`;
    const network = new FakeNetwork();
    const ids = new CountingIds(`${name}-op`, this.#seed + this.#generation);
    const transport = new FakeTransport(this.#server, this.#clock, () => this.#fate(network));
    this.#delayDuplicates(transport);
    this.#loseRepliesOfTheDead(transport, name);
    const base = { store: this.#store, clock: this.#clock, ids };
    const onError = (error: unknown) => void this.#errors.push(error);
    const loop = new SyncLoop({ ...base, transport, network, locks: this.#locks.forTab(name), onError });
    return { name, network, loop, outbox: new Outbox({ ...base, hasher: nodeHasher }) };
  }

  /** Now and then a proxy keeps a copy of a request and delivers it much later. */
  #delayDuplicates(transport: FakeTransport): void {
    const send = transport.send.bind(transport);
    transport.send = (operations) => {
      for (const operation of operations)
        if (this.#isStormy && this.#random.chance(0.1))
          this.#late.push(() => void this.#server.command(operation));
      return send(operations);
    };
  }

  /** What a dead tab was waiting for never comes. */
  #loseRepliesOfTheDead(transport: FakeTransport, name: string): void {
    const answer = <T>(reply: T) => (this.#dead.has(name) ? new Promise<T>(() => undefined) : reply);
    const { send, putBlob, hasBlob, pull } = transport;
    transport.send = (operations) => send.call(transport, operations).then(answer);
    transport.putBlob = (sha256, blob) => putBlob.call(transport, sha256, blob).then(answer);
    transport.hasBlob = (sha256) => hasBlob.call(transport, sha256).then(answer);
    transport.pull = (cursor) => pull.call(transport, cursor).then(answer);
  }

  #fate(network: FakeNetwork): Fate {
    if (!this.#isStormy) return 'pass';
    return network.online ? this.#random.pick(FATES) : 'lost';
  }

  async #step(): Promise<void> {
    const actions = [
      () => this.#tap(),
      () => this.#tap(),
      () => this.#tap(),
      () => this.#wait(),
      () => this.#switchNetwork(),
      () => this.#dispatch(),
      () => this.#reload(),
      () => this.#deliverLate(),
    ];
    await this.#random.pick(actions)();
    if (this.#random.chance(0.6)) await settle();
  }

  async #tap(): Promise<void> {
    const rows = (await this.#store.transact((tx) => tx.jobs())).filter((row) => !row.is_gone);
    if (rows.length === 0) return;
    const row = this.#random.pick(rows);
    const tab = this.#random.pick(this.#tabs);
    if (row.local.status === 'on_site' && this.#random.chance(0.3)) await this.#photograph(tab, row);
    else await tab.outbox.add(row.id, [this.#nextCommand(row)]);
    for (const operation of await this.#queue()) this.#created.set(operation.id, operation);
    void tab.loop.request();
  }

  #nextCommand(row: JobRow): Command {
    const { status, parts_used } = row.local;
    if (this.#random.chance(0.15)) return { kind: 'note', payload: { text: `${this.#random.below(1000)}` } };
    if (status === 'assigned') return { kind: 'accept', payload: {} };
    if (status === 'accepted') return { kind: 'depart', payload: {} };
    if (status === 'en_route') return { kind: 'arrive', payload: {} };
    if (status === 'done') return this.#signature();
    if (status !== 'on_site') return { kind: 'note', payload: { text: 'finished' } };
    const part = parts_used[0];
    if (part && this.#random.chance(0.2)) return { kind: 'return_part', payload: { use_id: part.id } };
    if (this.#random.chance(0.3)) return this.#part();
    if (this.#random.chance(0.3)) return { kind: 'complete', payload: {} };
    return { kind: 'answer', payload: { step: 'pressure', value: this.#random.below(9) / 10 } };
  }

  #part(): Command {
    const use_id = `use-${this.#random.below(1_000_000)}`;
    return {
      kind: 'use_part',
      payload: { use_id, sku: 'PIPE', qty: 1 },
      hint: { name: '铜管', unit_price_fen: 4500 },
    };
  }

  #signature(): Command {
    const signed_at = new Date(this.#clock.now()).toISOString();
    return {
      kind: 'sign',
      payload: { snapshot: {}, sha256: `${this.#random.next()}`, signer: '李女士', strokes: [], signed_at },
    };
  }

  /** Few different pictures, so that some are shared between operations and jobs. */
  async #photograph(tab: Tab, row: JobRow): Promise<void> {
    const file = { bytes: new Uint8Array([this.#random.below(3)]), media_type: 'image/jpeg' };
    const sha256 = await tab.outbox.hash(file.bytes);
    const taken_at = new Date(this.#clock.now()).toISOString();
    const payload = { sha256, step: 'finish', kind: 'after', taken_at, width: 1, height: 1 } as const;
    await tab.outbox.add(row.id, [{ kind: 'photo', payload }], [file]);
  }

  async #wait(): Promise<void> {
    this.#clock.advance(this.#random.below(EPOCH_MS));
    await settle();
  }

  #switchNetwork(): void {
    const { network } = this.#random.pick(this.#tabs);
    if (network.online) network.online = false;
    else network.comeBack();
  }

  #dispatch(): void {
    const id = `job-${1 + this.#random.below(JOBS)}`;
    if (this.#random.chance(0.1)) this.#server.takeAway(id);
    else this.#server.edit(id, { description: `call first ${this.#random.below(100)}` });
  }

  /** The tab dies wherever it is and its lock is let go. */
  #reload(): void {
    const at = this.#random.below(this.#tabs.length);
    const dying = this.#tabs[at];
    if (!dying) return;
    this.#dead.add(dying.name);
    dying.loop.stop();
    this.#locks.kill(dying.name);
    this.#tabs[at] = this.#open();
    void this.#tabs[at]?.loop.request();
  }

  #deliverLate(): void {
    this.#late.splice(this.#random.below(this.#late.length || 1), 1)[0]?.();
  }

  async #calmly(work: () => unknown): Promise<void> {
    this.#isStormy = false;
    await work();
    this.#isStormy = true;
  }

  async #comeToRest(): Promise<void> {
    await settle();
    this.#isStormy = false;
    for (const deliver of this.#late.splice(0)) deliver();
    for (let round = 0; round < 3; round++) {
      this.#clock.advance(EPOCH_MS);
      for (const tab of this.#tabs) {
        tab.network.comeBack();
        await tab.loop.request();
      }
      await settle();
    }
  }

  #queue(): Promise<Operation[]> {
    return this.#store.transact((tx) => readQueue(tx, new Date(this.#clock.now()).toISOString()));
  }
}

function lostOrDoubled({ server, left, created }: FuzzResult): string[] {
  const kept = new Set(left.map((operation) => operation.id));
  return created
    .map(({ id, kind }) => ({ name: `${kind} ${id}`, times: server.effectsOf(id) + (kept.has(id) ? 1 : 0) }))
    .filter(({ times }) => times !== 1)
    .map(({ name, times }) => `${name} exists ${times} times`);
}

function disagreements({ server, rows }: FuzzResult): string[] {
  const present = new Map(rows.filter((row) => !row.is_gone).map((row) => [row.id, row.local]));
  const ids = new Set([...present.keys(), ...server.jobs.keys()]);
  return [...ids]
    .filter((id) => JSON.stringify(present.get(id)) !== JSON.stringify(server.jobs.get(id)))
    .map((id) => `${id} differs`);
}

function missingFiles({ server }: FuzzResult): string[] {
  const named = [...server.jobs.values()].flatMap((job) => job.photos.map((photo) => photo.sha256));
  return named.filter((sha256) => !server.blobs.has(sha256)).map((sha256) => `${sha256} is missing`);
}

/** Every way in which work was lost or doubled, or the two sides disagree; empty when all is well. */
export function violations(result: FuzzResult): string[] {
  const unsent = result.left.filter((operation) => operation.state === 'queued');
  return [
    ...result.errors.map((error) => `error: ${String(error)}`),
    ...lostOrDoubled(result),
    ...unsent.map((operation) => `${operation.id} was not sent`),
    ...disagreements(result),
    ...missingFiles(result),
  ];
}
