import { countIn } from '../i18n/format.ts';
import type { Http } from './http.ts';
import { ApiError } from './problem.ts';
import type { Session } from './types.ts';

/** Signing in and out; the token that unsafe requests carry is kept in step. */
export class SessionApi {
  #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async signIn(login: string, password: string): Promise<Session> {
    return this.#keep(await this.#http.post<Session>('/api/session', { login, password }));
  }

  /** Signs in with a single-use code: of a QR link, or typed. */
  async pair(code: string): Promise<Session> {
    return this.#keep(await this.#http.post<Session>('/api/session/pair', { code }));
  }

  /** The session the browser's cookie stands for, or null when there is none. */
  async current(): Promise<Session | null> {
    try {
      return this.#keep(await this.#http.get<Session>('/api/session'));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  }

  async signOut(): Promise<void> {
    await this.#http.delete<void>('/api/session');
    this.#http.csrfToken = null;
  }

  #keep(session: Session): Session {
    this.#http.csrfToken = session.csrf_token;
    countIn(session.user.currency);
    return session;
  }
}
