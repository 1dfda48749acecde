/** What every screen of the console shares: the session, the language, the address bar and the network. */

import { Http } from '../api/http.ts';
import { SessionApi } from '../api/session.ts';
import type { Session } from '../api/types.ts';
import { closestLocale, type Locale } from '../i18n/catalog.ts';
import { fetchOrTake } from './api/asked-ahead.ts';
import { ConsoleApi, type Region } from './api/console-api.ts';
import { makeReady } from './day/zone-clock.ts';
import { texts } from './i18n/texts.svelte.ts';
import { may, type Right } from './may.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';

/** A day that is about to come is drawn with the screen, rather than a frame later in place of its outline. */
const DAY_IS_NEAR_MS = 50;
const LOCALE_KEY = 'shangmen.locale';

export type Phase = 'starting' | 'signed_out' | 'signed_in' | 'unreachable';

export type Asked = { readonly what: 'plan' } | { readonly what: 'technician'; readonly id: string };

export class ConsoleApp {
  readonly http = new Http(fetchOrTake);
  readonly api = new ConsoleApi(this.http);
  readonly sessions = new SessionApi(this.http);
  phase = $state<Phase>('starting');
  session = $state.raw<Session | null>(null);
  regions = $state.raw<Region[]>([]);
  route = $state.raw<Route>(parseRoute(location.hash));
  isOnline = $state(navigator.onLine);
  /** Searching all jobs, over whatever screen is shown. */
  isPaletteOpen = $state(false);
  /** What another screen, or the search, wants the day to show as soon as it is there. */
  asked = $state.raw<Asked | null>(null);
  /** Shown on the sign-in page: the session ended by itself. */
  wasSignedOut = $state(false);

  constructor() {
    this.http.onSignedOut = () => this.#ended();
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
    });
    window.addEventListener('online', () => {
      this.isOnline = true;
    });
    window.addEventListener('offline', () => {
      this.isOnline = false;
    });
  }

  get mayUse(): boolean {
    return this.may('board');
  }

  may(right: Right): boolean {
    return may(this.session?.user.role, right);
  }

  get region(): Region | null {
    return this.regions.find((region) => region.id === this.route.regionId) ?? this.regions[0] ?? null;
  }

  async start(): Promise<void> {
    const { screen, regionId, day } = this.route;
    if (screen === 'day' && regionId && day) this.api.askAhead(regionId, day);
    const session = this.sessions.current();
    session.catch(() => undefined); // whoever resumes is told
    makeReady(); // while all of that is under way
    await texts.use(
      closestLocale([localStorage.getItem(LOCALE_KEY) ?? '', ...navigator.languages].filter(Boolean)),
    );
    this.#announceLocale();
    await this.resume(session);
  }

  /** Finds out whether the browser is still signed in. */
  async resume(asked = this.sessions.current()): Promise<void> {
    this.phase = 'starting';
    try {
      const session = await asked;
      if (session) await this.enter(session);
      else this.phase = 'signed_out';
    } catch {
      this.phase = 'unreachable'; // no reply or a server in trouble: both are shown as one, with a way to retry
    }
  }

  async enter(session: Session): Promise<void> {
    this.session = session;
    this.wasSignedOut = false;
    if (this.mayUse) this.regions = await this.api.regions();
    await this.api.aheadWithin(DAY_IS_NEAR_MS);
    this.phase = 'signed_in';
  }

  async signOut(): Promise<void> {
    await this.sessions.signOut();
    this.api.forget();
    this.session = null;
    this.phase = 'signed_out';
  }

  async useLocale(locale: Locale): Promise<void> {
    await texts.use(locale);
    localStorage.setItem(LOCALE_KEY, locale);
    this.#announceLocale();
  }

  /** Changes part of the address; `replace` for what should not fill the browser's history. */
  go(change: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
    const next = { ...this.route, ...change };
    const hash = formatRoute(next);
    if (how === 'replace') history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.route = next;
  }

  href(change: Partial<Route>): string {
    return formatRoute({ ...this.route, jobId: null, ...change });
  }

  #ended(): void {
    if (this.phase !== 'signed_in') return;
    this.api.forget();
    this.session = null;
    this.wasSignedOut = true;
    this.phase = 'signed_out';
  }

  #announceLocale(): void {
    document.documentElement.lang = texts.locale;
    document.title = texts.t('app.title');
  }
}
