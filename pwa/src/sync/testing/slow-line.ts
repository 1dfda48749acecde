import type { Operation } from '../operation.ts';
import type { CommandOutcome, StoredBlob } from '../ports.ts';
import type { FakeServer } from './fake-server.ts';
import type { FakeClock } from './fakes.ts';

const LATENCY_MS = 562;
const UP_BYTES_PER_MS = 84;
/** Bodies take turns on the line in pieces of this size. */
const PIECE_BYTES = 8 * 1024;
const HEADERS_BYTES = 700;

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

function replyOf(outcome: CommandOutcome): { http_status: number; reply: unknown } {
  if (outcome.outcome === 'accepted')
    return { http_status: 200, reply: { status: 'accepted', job: outcome.job } };
  if (!('failure' in outcome)) throw new Error('a server that is there decides');
  return { http_status: 422, reply: { status: 'rejected', code: outcome.failure.code, job: outcome.job } };
}

/**
 * The fake server behind a "slow 4G" line, as `fetch`: every request waits for the latency and for its body's
 * turn on the way up, on the fake clock. What a test measures on it is what the app waits for, not the machine.
 */
export class SlowLine {
  readonly log: string[] = [];
  #server: FakeServer;
  #clock: FakeClock;
  #cuts: string[];
  #freeAt = 0;

  /** `cuts`: beginnings of requests (`PATCH /api/blobs`) of which one reply each never comes. */
  constructor(server: FakeServer, clock: FakeClock, cuts: readonly string[]) {
    this.#server = server;
    this.#clock = clock;
    this.#cuts = [...cuts];
  }

  fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = `${init.method} ${String(input)}`;
    this.log.push(request);
    const body = await new Response(init.body).arrayBuffer();
    for (let sent = -HEADERS_BYTES; sent < body.byteLength; sent += PIECE_BYTES)
      await this.#push(Math.min(PIECE_BYTES, body.byteLength - sent));
    await this.#pass(LATENCY_MS);
    const reply = this.#answer(request, new Uint8Array(body));
    const cut = this.#cuts.findIndex((one) => request.startsWith(one));
    if (cut < 0) return reply;
    this.#cuts.splice(cut, 1);
    throw new TypeError('Failed to fetch');
  };

  get cutsLeft(): number {
    return this.#cuts.length;
  }

  async #push(bytes: number): Promise<void> {
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now()) + bytes / UP_BYTES_PER_MS;
    await this.#pass(this.#freeAt - this.#clock.now());
  }

  #pass(duration_ms: number): Promise<void> {
    return new Promise((done) => this.#clock.after(duration_ms, done));
  }

  #answer(request: string, body: Uint8Array): Response {
    const [method, path = ''] = request.split(' ');
    const sha256 = path.split('/')[3] ?? '';
    const has = this.#server.blobs.has(sha256);
    if (path === '/api/session') return json({ user: { id: 'user-1' }, csrf_token: 'token' });
    if (method === 'HEAD' && path.endsWith('/upload'))
      return new Response(null, { headers: { 'Upload-Offset': '0', 'Upload-Complete': has ? '1' : '0' } });
    if (method === 'HEAD') return new Response(null, { status: has ? 200 : 404 });
    if (path.startsWith('/api/blobs/')) {
      this.#server.putBlob(sha256, { sha256, bytes: body } as StoredBlob);
      return json({}, 201);
    }
    if (path.startsWith('/api/sync/pull')) return this.#pulled();
    return this.#command(path, JSON.parse(new TextDecoder().decode(body)));
  }

  #command(path: string, body: Operation & { commands?: Operation[] }): Response {
    // The wire does not tell which files a command needs: the server knows it from the payload.
    const run = (one: Operation) => replyOf(this.#server.command({ ...one, blobs: [] }));
    if (!path.endsWith('/batch')) {
      const { http_status, reply } = run(body);
      return json(reply, http_status);
    }
    return json({ replies: (body.commands ?? []).map((one) => ({ id: one.id, ...run(one) })) });
  }

  #pulled(): Response {
    const outcome = this.#server.pull(null, new Date(this.#clock.now()).toISOString());
    return outcome.outcome === 'pulled' ? json(outcome.reply) : json({}, 500);
  }
}
