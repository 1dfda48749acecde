/** The lens of the day on screen; what it takes is fetched when the address first asks for one. */

import type { ConsoleApp } from '../console-app.svelte.ts';
import type { DaySource } from '../day/day-source.ts';
import type { DayStore } from '../day/day-store.svelte.ts';
import type { SeenDay } from './seen-day.ts';
import { zoomOf } from './zoom.ts';

type Through = typeof import('./through.ts');

export class DayLens {
  readonly #app: ConsoleApp;
  readonly #store: DayStore;
  #through = $state.raw<Through | null>(null);

  constructor(app: ConsoleApp, store: DayStore) {
    this.#app = app;
    this.#store = store;
  }

  get zoom(): number {
    return zoomOf(Number(this.#params().get('zoom')));
  }

  get isWeek(): boolean {
    return this.#params().get('period') === 'week';
  }

  /** Whether more is asked for than another scale or period. */
  get isUsed(): boolean {
    const params = this.#params();
    for (const name of ['zoom', 'period']) params.delete(name);
    return params.toString() !== '';
  }

  /** Fetches what the lens takes; nothing for a plain day. */
  async load(): Promise<void> {
    if (this.isUsed && !this.#through) this.#through = await import('./through.ts');
  }

  through(source: DaySource): SeenDay | null {
    return this.isUsed && this.#through ? this.#through.seenThrough(source, this.#app, this.#store) : null;
  }

  scale(by: number): void {
    this.#set('zoom', String(zoomOf(this.zoom * by)), '1', 'replace');
  }

  turnPeriod(): void {
    this.#set('period', this.isWeek ? 'day' : 'week', 'day', 'push');
  }

  foldGroupOf(technicianId: string | null): void {
    if (technicianId) this.#through?.foldGroupOf(this.#app, this.#store, technicianId);
  }

  unfoldAll(): void {
    this.#set('fold', '', '', 'push');
  }

  #set(name: string, value: string, plain: string, how: 'push' | 'replace'): void {
    const params = this.#params();
    if (value === plain) params.delete(name);
    else params.set(name, value);
    if (params.toString() !== this.#params().toString()) this.#app.go({ lens: params.toString() }, how);
  }

  #params(): URLSearchParams {
    return new URLSearchParams(this.#app.route.lens);
  }
}
