import type { Failure, Operation } from '../sync/operation.ts';
import type {
  BatchOutcome,
  BlobOutcome,
  CommandOutcome,
  PositionsOutcome,
  PresenceOutcome,
  PullOutcome,
  Retry,
  SignedOut,
  StoredBlob,
  TimedPosition,
  Transport,
} from '../sync/ports.ts';
import type { Http, RequestOptions } from './http.ts';
import { ApiError, NetworkError, problemOf } from './problem.ts';
import type { SessionApi } from './session.ts';
import type { CommandReply, PullReply, SessionUser } from './types.ts';

const SILENCE: Retry = { outcome: 'retry', reason: 'network' };
const TROUBLE: Retry = { outcome: 'retry', reason: 'server' };
const SIGNED_OUT: SignedOut = { outcome: 'signed_out' };

/** A typed reply, or the problem document of a request that was refused before it was looked at. */
type Answer = Partial<Omit<CommandReply, 'status'>> & { status?: string | number; detail?: string };

interface BatchedAnswer {
  id: string;
  http_status: number;
  reply: Answer;
}

/** Whose queue it is: nobody else's session may send it. */
export type Owner = Pick<SessionUser, 'id' | 'technician_id'>;

type Heard = Response | Retry | SignedOut;

const UPLOAD_TIMEOUT_MS = 120_000;
/** Asking how much arrived costs a round trip; what is smaller than this is sent again sooner than asked about. */
const IN_ONE_REQUEST_BYTES = 256 * 1024;
const STALE_HALF = new Set(['hash_mismatch', 'too_long']);
const PASSING = new Set([408, 425, 429]);

function failureOf({ code, message, detail, theirs }: Answer, status: number): Failure {
  return { code: code || `http_${status}`, message: message || detail || '', theirs: theirs ?? null };
}

function bodyOf({ id, kind, job_id, device_at, skew_ms, base_version, payload }: Operation) {
  return { id, kind, job_id, device_at, skew_ms, base_version, payload };
}

function outcomeOf(http_status: number, said: Answer): CommandOutcome {
  const job = said.job ?? null;
  if (http_status >= 500) return TROUBLE;
  if (http_status < 300) {
    const isTyped = said.status === 'accepted' || said.status === 'duplicate';
    return isTyped ? { outcome: 'accepted', job } : TROUBLE;
  }
  if (!said.code) return TROUBLE;
  const outcome = said.status === 'conflict' || http_status === 409 ? 'conflict' : 'rejected';
  return { outcome, failure: failureOf(said, http_status), job };
}

/** The contract of the phone's endpoints; anything that is not a clear answer counts as silence. */
export class SyncTransport implements Transport {
  #http: Http;
  #session: SessionApi;
  #owner: Owner;

  constructor(http: Http, session: SessionApi, owner: Owner) {
    this.#http = http;
    this.#session = session;
    this.#owner = owner;
  }

  async hasBlob(sha256: string): Promise<PresenceOutcome> {
    const reply = await this.#send('HEAD', `/api/blobs/${sha256}`, {});
    if ('outcome' in reply) return reply;
    return { outcome: reply.ok ? 'there' : 'missing' };
  }

  /** Large files go on where a cut connection, a reload or a restart stopped them. */
  async putBlob(sha256: string, blob: StoredBlob): Promise<BlobOutcome> {
    if (blob.bytes.length <= IN_ONE_REQUEST_BYTES)
      return this.#upload('PUT', `/api/blobs/${sha256}`, blob, 0);
    const path = `/api/blobs/${sha256}/upload`;
    const offset = blob.is_begun ? await this.#arrived(path) : 0;
    if (typeof offset !== 'number') return offset;
    const outcome = await this.#upload('PATCH', path, blob, offset);
    // What is there and what is here do not fit together: the server has dropped its half, or has more by now.
    const isStale = outcome.outcome === 'rejected' && STALE_HALF.has(outcome.failure.code);
    return isStale && offset > 0 ? TROUBLE : outcome;
  }

  /** How many bytes of a file the server has; or what is known of it instead. */
  async #arrived(path: string): Promise<number | BlobOutcome> {
    const here = await this.#send('HEAD', path, {});
    if ('outcome' in here) return here;
    if (!here.ok) return TROUBLE;
    if (here.headers.get('Upload-Complete') === '1') return { outcome: 'stored' };
    return Number(here.headers.get('Upload-Offset'));
  }

  async #upload(
    method: 'PUT' | 'PATCH',
    path: string,
    blob: StoredBlob,
    offset: number,
  ): Promise<BlobOutcome> {
    const body = new Blob([blob.bytes.subarray(offset) as BlobPart], { type: blob.media_type });
    const place = { 'Upload-Offset': String(offset), 'Upload-Length': String(blob.bytes.length) };
    const headers = { 'Content-Type': blob.media_type, ...(method === 'PATCH' && place) };
    const reply = await this.#send(method, path, { body, headers, timeout_ms: UPLOAD_TIMEOUT_MS });
    if ('outcome' in reply) return reply;
    if (reply.ok) return { outcome: 'stored' };
    const problem = (await problemOf(reply)) as Answer;
    if (!problem.code || problem.code === 'offset_differs') return TROUBLE;
    return { outcome: 'rejected', failure: failureOf(problem, reply.status) };
  }

  /** One alone goes by the way on which a body the server cannot read is refused by itself. */
  async send(operations: readonly Operation[]): Promise<BatchOutcome> {
    const [first] = operations;
    if (!first || operations.length > 1) return this.#sendTogether(operations);
    const outcome = await this.#sendAlone(first);
    return outcome.outcome === 'retry' || outcome.outcome === 'signed_out'
      ? outcome
      : { outcome: 'replied', replies: [outcome] };
  }

  async #sendTogether(operations: readonly Operation[]): Promise<BatchOutcome> {
    const body = { commands: operations.map(bodyOf) };
    const reply = await this.#send('POST', '/api/sync/commands/batch', { body });
    if ('outcome' in reply) return reply;
    const said = (await problemOf(reply)) as { replies?: BatchedAnswer[] };
    if (!reply.ok || !said.replies) return TROUBLE;
    const answers = new Map(said.replies.map((one) => [one.id, one]));
    const replies = operations.map(({ id }) => {
      const answer = answers.get(id);
      return answer ? outcomeOf(answer.http_status, answer.reply) : TROUBLE;
    });
    return { outcome: 'replied', replies };
  }

  async #sendAlone(operation: Operation): Promise<CommandOutcome> {
    const { id } = operation;
    const body = bodyOf(operation);
    const reply = await this.#send('POST', '/api/sync/commands', {
      body,
      headers: { 'Idempotency-Key': id },
    });
    if ('outcome' in reply) return reply;
    return outcomeOf(reply.status, (await problemOf(reply)) as Answer);
  }

  /** Reading needs no token; whose jobs came is checked by what came. */
  async pull(cursor: string | null): Promise<PullOutcome> {
    const reply = await this.#quietly(() => this.#ask('GET', '/api/sync/pull', { query: { cursor } }));
    if ('outcome' in reply) return reply;
    const said = (await problemOf(reply)) as Partial<PullReply>;
    if (!reply.ok || !said.jobs || !said.ids || !said.me) return TROUBLE;
    const isMine = said.me.technician_id === this.#owner.technician_id;
    return isMine ? { outcome: 'pulled', reply: said as PullReply } : this.#signedOut();
  }

  async sendPositions(positions: readonly TimedPosition[]): Promise<PositionsOutcome> {
    const reply = await this.#send('POST', '/api/sync/positions', { body: { positions } });
    if ('outcome' in reply) return reply;
    return { outcome: reply.ok ? 'stored' : 'rejected' };
  }

  /** A reply worth reading, or why there is none. */
  #send(method: string, path: string, options: RequestOptions): Promise<Heard> {
    return this.#quietly(() => this.#sendSignedIn(method, path, options));
  }

  async #quietly(ask: () => Promise<Heard>): Promise<Heard> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof NetworkError) return SILENCE;
      if (error instanceof ApiError) return TROUBLE;
      throw error;
    }
  }

  /** A stale CSRF token is renewed once. */
  async #sendSignedIn(
    method: string,
    path: string,
    options: RequestOptions,
    isSecondTry = false,
  ): Promise<Heard> {
    if (!(await this.#hasSession())) return SIGNED_OUT;
    const reply = await this.#ask(method, path, options);
    if ('outcome' in reply) return reply;
    if (reply.status !== 403 || (await problemOf(reply)).code !== 'csrf') return reply;
    this.#http.csrfToken = null;
    return isSecondTry ? TROUBLE : this.#sendSignedIn(method, path, options, true);
  }

  async #ask(method: string, path: string, options: RequestOptions): Promise<Heard> {
    const reply = await this.#http.send(method, path, options);
    if (reply.status === 401) return this.#signedOut();
    return reply.status >= 500 || PASSING.has(reply.status) ? TROUBLE : reply;
  }

  async #hasSession(): Promise<boolean> {
    if (this.#http.csrfToken) return true;
    const session = await this.#session.current();
    if (session?.user.id === this.#owner.id) return true;
    this.#http.csrfToken = null;
    return false;
  }

  #signedOut(): SignedOut {
    this.#http.csrfToken = null;
    return SIGNED_OUT;
  }
}
