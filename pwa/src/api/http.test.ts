import { describe, expect, it, vi } from 'vitest';
import { Http } from './http.ts';
import { ApiError, NetworkError } from './problem.ts';
import { SessionApi } from './session.ts';

function answering(reply: () => Response | Promise<Response>) {
  const fetcher = vi.fn(async (_url: unknown, _init?: RequestInit) => reply());
  return { http: new Http(fetcher as unknown as typeof fetch), fetcher };
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

describe('a request', () => {
  it('leaves out what was not asked for', async () => {
    const { http, fetcher } = answering(() => json(200, {}));
    await http.get('/api/jobs', { day: '2026-11-23', q: undefined, status: null, limit: 0 });
    expect(fetcher.mock.calls[0]?.[0]).toBe('/api/jobs?day=2026-11-23&limit=0');
  });

  it('proves that it comes from this page only when it changes something', async () => {
    const { http, fetcher } = answering(() => json(200, {}));
    http.csrfToken = 'token';
    await http.get('/api/jobs');
    await http.post('/api/jobs', { a: 1 });
    const headers = fetcher.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(headers.map((each) => each['X-CSRF-Token'])).toEqual([undefined, 'token']);
  });

  it('sends files as they are', async () => {
    const { http, fetcher } = answering(() => json(201, {}));
    const form = new FormData();
    await http.post('/api/imports', form);
    const init = fetcher.mock.calls[0]?.[1];
    expect(init?.body).toBe(form);
    expect(init?.headers).not.toHaveProperty('Content-Type');
  });
});

describe('a refusal', () => {
  it('carries its code, its words and what else was said', async () => {
    const { http } = answering(() => json(409, { code: 'plan_stale', detail: 'Jobs changed', changes: [1] }));
    const error = await http.post('/api/plans/1/publish').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 409,
      code: 'plan_stale',
      message: 'Jobs changed',
      problem: { changes: [1] },
    });
  });

  it('without a body is still told apart', async () => {
    const { http } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(http.get('/api/jobs')).rejects.toMatchObject({ status: 502, code: 'server' });
  });

  it('of the session is announced once', async () => {
    const { http } = answering(() => json(401, { code: 'sign_in_required' }));
    http.onSignedOut = vi.fn();
    await expect(http.get('/api/board')).rejects.toThrow(ApiError);
    expect(http.onSignedOut).toHaveBeenCalledOnce();
  });

  it('of a password is not the end of a session', async () => {
    const { http } = answering(() => json(401, { code: 'wrong_credentials' }));
    http.onSignedOut = vi.fn();
    await expect(http.post('/api/session', {})).rejects.toThrow(ApiError);
    expect(http.onSignedOut).not.toHaveBeenCalled();
  });
});

describe('silence', () => {
  it('is an error of its own', async () => {
    const { http } = answering(() => Promise.reject(new TypeError('failed to fetch')));
    await expect(http.get('/api/jobs')).rejects.toThrow(NetworkError);
  });

  it('is what a reply is that takes too long', async () => {
    vi.useFakeTimers();
    const http = new Http((_url, init) => {
      return new Promise((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    });
    const asked = http.get('/api/jobs', undefined, { timeout_ms: 1000 }).catch((error: unknown) => error);
    vi.advanceTimersByTime(1000);
    expect(await asked).toBeInstanceOf(NetworkError);
    vi.useRealTimers();
  });
});

describe('a session', () => {
  it('gives its token to the requests after it, and takes it away again', async () => {
    const { http } = answering(() => json(201, { user: { id: 'u' }, csrf_token: 'fresh' }));
    const session = new SessionApi(http);
    await session.signIn('tech01', 'secret');
    expect(http.csrfToken).toBe('fresh');
    await session.signOut();
    expect(http.csrfToken).toBeNull();
  });

  it('that does not exist is null, not an error', async () => {
    const { http } = answering(() => json(401, { code: 'sign_in_required' }));
    expect(await new SessionApi(http).current()).toBeNull();
  });
});
