import { createHash } from 'node:crypto';
import type { Cancel, Clock, Hasher, Ids, Locks, Network } from '../ports.ts';

/** A small seeded generator (mulberry32), so that a failing run can be named and repeated. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('Nothing to pick from');
    return item;
  }
}

interface Timer {
  at: number;
  run: () => void;
}

export class FakeClock implements Clock {
  #now = Date.parse('2026-11-23T01:00:00Z');
  #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(delay_ms: number, run: () => void): Cancel {
    const timer = { at: this.#now + delay_ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Milliseconds until each pending timer. */
  get pending_ms(): number[] {
    return [...this.#timers].map((timer) => timer.at - this.#now).sort((a, b) => a - b);
  }

  advance(duration_ms: number): void {
    this.#now += duration_ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }

  setBack(duration_ms: number): void {
    this.#now -= duration_ms;
  }
}

export class FakeNetwork implements Network {
  online = true;
  #listeners = new Set<() => void>();

  onOnline(run: () => void): Cancel {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }

  comeBack(): void {
    this.online = true;
    for (const run of [...this.#listeners]) run();
  }
}

export class CountingIds implements Ids {
  #random: SeededRandom;
  #prefix: string;
  #count = 0;

  constructor(prefix = 'op', seed = 1) {
    this.#prefix = prefix;
    this.#random = new SeededRandom(seed);
  }

  uuid(): string {
    this.#count += 1;
    return `${this.#prefix}-${this.#count}`;
  }

  random(): number {
    return this.#random.next();
  }
}

export const nodeHasher: Hasher = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

interface Waiting {
  tab: string;
  start: () => void;
}

/** One lock over all tabs, like the browser's: a tab that dies lets go of it. */
export class FakeLocks {
  #holder: string | null = null;
  #waiting: Waiting[] = [];

  forTab(tab: string): Locks {
    return { exclusive: (_, work) => this.#exclusive(tab, work) };
  }

  kill(tab: string): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.tab !== tab);
    if (this.#holder === tab) this.#release();
  }

  get holder(): string | null {
    return this.#holder;
  }

  async #exclusive<T>(tab: string, work: () => Promise<T>): Promise<T> {
    if (this.#holder !== null) await new Promise<void>((start) => this.#waiting.push({ tab, start }));
    this.#holder = tab;
    try {
      return await work();
    } finally {
      if (this.#holder === tab) this.#release();
    }
  }

  #release(): void {
    const next = this.#waiting.shift();
    this.#holder = next?.tab ?? null;
    next?.start();
  }
}

/** Lets every promise that can make progress do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
