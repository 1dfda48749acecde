import { Http } from '../../api/http.ts';
import { OffersApi } from '../../api/offers.ts';
import { ApiError, NetworkError } from '../../api/problem.ts';
import { SessionApi } from '../../api/session.ts';
import { SyncTransport } from '../../api/sync-transport.ts';
import type { Session, SessionUser } from '../../api/types.ts';
import type { Locale } from '../../i18n/catalog.ts';
import { IndexedDbStore } from '../../store/indexed-db-store.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { SyncStore } from '../../sync/ports.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { t, texts } from '../i18n/texts.ts';
import { fetchAhead } from '../lazy-screens.ts';
import { AppUpdate } from '../platform/app-update.svelte.ts';
import { Install } from '../platform/install.svelte.ts';
import { StorageRoom } from '../platform/storage-room.svelte.ts';
import { paths, Router } from '../route.svelte.ts';
import { preferredLanguage, savedUser, saveLanguage, saveUser } from '../session/saved-session.ts';
import { Workday } from './workday.svelte.ts';

export type SignInProblem =
  | 'wrong'
  | 'offline'
  | 'not_technician'
  | 'pair_failed'
  | 'too_many_attempts'
  | 'server';

const SETTLED_MS = 1500;
const LOOK_AT_ROOM_MS = 5 * 60_000;

/** The parts of the technician's app and who is using it. */
export class TechnicianApp {
  readonly router = new Router();
  readonly update = new AppUpdate();
  readonly install = new Install();
  readonly room = new StorageRoom();
  workday = $state.raw<Workday | null>(null);
  /** The browser keeps nothing: a private window, or a full disk. */
  isMemoryOnly = $state(false);
  /** The session has ended; the day stays open behind the sign-in. */
  isAskingToSignIn = $state(false);
  #http = new Http();
  #session = new SessionApi(this.#http);
  /** For what talks to the server now or not at all. */
  readonly line = { http: this.#http, session: this.#session };

  /** Opens what is on the phone at once; the network is asked only when nobody is known here. */
  async start(): Promise<void> {
    const user = savedUser();
    await this.#useLanguage(preferredLanguage(user));
    this.router.start();
    if (this.router.route.name === 'pair') return;
    if (user) await this.#open(user);
    else void this.#adoptCookie();
  }

  /** What can wait waits for the first picture of the day: on a slow network it would only be in its way. */
  startBackground(): void {
    setTimeout(() => {
      void this.update.start();
      fetchAhead();
      void navigator.storage?.persist?.();
      void this.room.look();
      setInterval(() => void this.room.look(), LOOK_AT_ROOM_MS);
    }, SETTLED_MS);
  }

  askToSignIn(): void {
    this.isAskingToSignIn = true;
  }

  async signIn(login: string, password: string): Promise<SignInProblem | null> {
    return this.#enter(() => this.#session.signIn(login, password), 'wrong');
  }

  async pair(code: string): Promise<SignInProblem | null> {
    const problem = await this.#enter(() => this.#session.pair(code), 'pair_failed');
    // A link's code is used up: it must not be tried again on reload, nor stay in the history.
    if (!problem && this.router.route.name === 'pair') this.router.replace(paths.today);
    return problem;
  }

  /** Unsent work stays on the phone, in this person's own store. */
  async signOut(): Promise<void> {
    try {
      await this.#session.signOut();
    } catch (error) {
      if (!(error instanceof NetworkError || error instanceof ApiError)) throw error;
    }
    this.#close();
    saveUser(null);
    this.router.replace(paths.today);
  }

  async chooseLanguage(locale: Locale): Promise<void> {
    saveLanguage(locale);
    await this.#useLanguage(locale);
  }

  async #enter(open: () => Promise<Session>, refused: SignInProblem): Promise<SignInProblem | null> {
    try {
      const { user } = await open();
      if (!user.technician_id) {
        await this.#session.signOut();
        return 'not_technician';
      }
      saveUser(user);
      await this.#useLanguage(preferredLanguage(user));
      await this.#open(user);
      this.isAskingToSignIn = false;
      return null;
    } catch (error) {
      if (error instanceof NetworkError) return 'offline';
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 429) return 'too_many_attempts';
      return error.status >= 500 ? 'server' : refused;
    }
  }

  /** A technician who signed in on another page of this site need not do so again. */
  async #adoptCookie(): Promise<void> {
    try {
      const session = await this.#session.current();
      if (!session?.user.technician_id) return;
      saveUser(session.user);
      await this.#open(session.user);
    } catch (error) {
      if (!(error instanceof NetworkError || error instanceof ApiError)) throw error;
    }
  }

  async #open(user: SessionUser): Promise<void> {
    this.#close();
    const transport = new SyncTransport(this.#http, this.#session, user);
    const workday = new Workday({
      user,
      store: await this.#storeOf(user),
      transport,
      offers: new OffersApi(this.#http, this.#session),
      onError: () => this.#notSaved(),
    });
    this.workday = workday;
    await workday.start();
  }

  #notSaved(): void {
    toasts.show(t('app.not_saved'), 'bad');
  }

  async #storeOf(user: SessionUser): Promise<SyncStore> {
    const store = new IndexedDbStore(`shangmen-${user.id}`);
    try {
      await store.transact((tx) => tx.meta('cursor'));
      return store;
    } catch {
      // A browser that forbids storage can still be used, as long as the page stays open; the screen says so.
      this.isMemoryOnly = true;
      return new MemoryStore();
    }
  }

  #close(): void {
    this.workday?.stop();
    this.workday = null;
  }

  async #useLanguage(locale: Locale): Promise<void> {
    await texts.use(locale);
    document.documentElement.lang = locale;
  }
}
