import { ApiError, NetworkError, problemOf } from './problem.ts';

type Query = Record<string, string | number | boolean | null | undefined>;

/** What a reply says, and the `ETag` by which it is changed. */
export interface Tagged<T> {
  readonly body: T;
  readonly tag: string;
}

export interface RequestOptions {
  query?: Query;
  headers?: Record<string, string>;
  /** JSON, unless it is already something fetch can send (FormData, Blob, ArrayBuffer). */
  body?: unknown;
  signal?: AbortSignal;
  timeout_ms?: number;
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer | null;
}

const asResponse = ({ body, status, headers }: Reply): Response => new Response(body, { status, headers });

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

const SAFE = new Set(['GET', 'HEAD']);
const TIMEOUT_MS = 20_000;

function isRaw(body: unknown): body is BodyInit {
  return body instanceof FormData || body instanceof Blob || body instanceof ArrayBuffer;
}

function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  if (pairs.length === 0) return path;
  return `${path}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

/** Same-origin requests with the session's CSRF token; refusals throw `ApiError`, silence throws `NetworkError`. */
export class Http {
  csrfToken: string | null = null;
  /** Called when the server no longer knows the session. */
  onSignedOut: () => void = () => undefined;
  #fetch: Fetch;

  constructor(fetcher: Fetch = (address, init) => fetch(address, init)) {
    this.#fetch = fetcher;
  }

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    return asResponse(await this.#exchange(method, path, options));
  }

  #exchange(method: string, path: string, options: RequestOptions): Promise<Reply> {
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
    if (!SAFE.has(method) && this.csrfToken) headers['X-CSRF-Token'] = this.csrfToken;
    const init: RequestInit = { method, headers, credentials: 'same-origin' };
    if (isRaw(options.body)) init.body = options.body;
    else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    return this.#withTimeout(withQuery(path, options.query), init, options);
  }

  async #withTimeout(url: string, init: RequestInit, options: RequestOptions): Promise<Reply> {
    const abort = new AbortController();
    const stop = () => abort.abort();
    options.signal?.addEventListener('abort', stop);
    const timer = setTimeout(stop, options.timeout_ms ?? TIMEOUT_MS);
    try {
      const reply = await this.#fetch(url, { ...init, signal: abort.signal });
      // The body is read here too, so that a reply cut short counts as silence, not as an answer.
      const body = [204, 205, 304].includes(reply.status) ? null : await reply.arrayBuffer();
      return { status: reply.status, headers: reply.headers, body };
    } catch (cause) {
      throw new NetworkError(cause);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    }
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return (await this.tagged<T>(method, path, options)).body;
  }

  /** The same with the tag of what was read or written. */
  async tagged<T>(method: string, path: string, options: RequestOptions = {}): Promise<Tagged<T>> {
    const { status, headers, body } = await this.#exchange(method, path, options);
    if (status < 200 || status > 299) throw await this.#refusal(asResponse({ status, headers, body }));
    // Read here and now: a `Response` would say it with a later task, and a frame of the page may come before it.
    const said = body && status !== 204 ? JSON.parse(new TextDecoder().decode(body)) : undefined;
    return { body: said as T, tag: headers.get('ETag') ?? '' };
  }

  async #refusal(reply: Response): Promise<ApiError> {
    const error = new ApiError(reply.status, await problemOf(reply));
    if (reply.status === 401 && error.code === 'sign_in_required') this.onSignedOut();
    return error;
  }

  get<T>(path: string, query?: Query, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('GET', path, query ? { ...options, query } : options);
  }

  post<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('POST', path, { ...options, body });
  }

  delete<T>(path: string): Promise<T> {
    return this.json<T>('DELETE', path);
  }
}
