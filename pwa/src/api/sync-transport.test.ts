import { describe, expect, it } from 'vitest';
import type { Operation } from '../sync/operation.ts';
import { jobSheet } from '../sync/testing/job-sheet.ts';
import { Http } from './http.ts';
import { SessionApi } from './session.ts';
import { SyncTransport } from './sync-transport.ts';

const operation: Operation = {
  seq: 1,
  id: '0190-op',
  kind: 'accept',
  payload: {},
  job_id: 'job-1',
  device_at: '2026-11-23T01:00:00.000Z',
  skew_ms: -1500,
  base_version: 1,
  blobs: [],
  state: 'queued',
  attempts: 1,
  failure: null,
};

interface Call {
  url: string;
  init: RequestInit;
}

type Answer = () => Response | Promise<Response>;

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const session = (id = 'user-1', csrf_token = 'token-1') => json(200, { user: { id }, csrf_token });

/** A connection that gives these answers in turn, to a transport of user-1. */
function connect(...answers: Answer[]): { transport: SyncTransport; calls: Call[] } {
  const calls: Call[] = [];
  const http = new Http(async (url, init) => {
    calls.push({ url: String(url), init: init ?? {} });
    const answer = answers.shift();
    if (!answer) throw new TypeError('failed to fetch');
    return answer();
  });
  return {
    transport: new SyncTransport(http, new SessionApi(http), { id: 'user-1', technician_id: 'tech-1' }),
    calls,
  };
}

/** What became of one command sent alone. */
async function sendOne(transport: SyncTransport): Promise<unknown> {
  const outcome = await transport.send([operation]);
  return outcome.outcome === 'replied' ? outcome.replies[0] : outcome;
}

const headersOf = (call: Call | undefined) => call?.init.headers as Record<string, string>;

describe('sending a command', () => {
  it('carries its identity, the session token and exactly the body of the contract', async () => {
    const job = jobSheet();
    const { transport, calls } = connect(
      () => session(),
      () => json(200, { status: 'accepted', job }),
    );
    expect(await sendOne(transport)).toEqual({ outcome: 'accepted', job });
    const headers = headersOf(calls[1]);
    expect(headers).toMatchObject({ 'Idempotency-Key': '0190-op', 'X-CSRF-Token': 'token-1' });
    const keys = Object.keys(JSON.parse(String(calls[1]?.init.body)));
    expect(keys).toEqual(['id', 'kind', 'job_id', 'device_at', 'skew_ms', 'base_version', 'payload']);
  });

  it('takes a repeated reply as accepted', async () => {
    const { transport } = connect(
      () => session(),
      () => json(200, { status: 'duplicate', job: null }),
    );
    expect(await sendOne(transport)).toEqual({ outcome: 'accepted', job: null });
  });

  it.each([
    [
      409,
      { status: 'conflict', code: 'transition_refused', message: 'late' },
      'conflict',
      'transition_refused',
    ],
    [422, { status: 'rejected', code: 'steps_missing', missing: ['power'] }, 'rejected', 'steps_missing'],
    [404, { status: 'rejected', code: 'not_found' }, 'rejected', 'not_found'],
    [403, { status: 403, code: 'forbidden', detail: 'no' }, 'rejected', 'forbidden'],
  ])('reads %i as a final answer', async (status, body, outcome, code) => {
    const { transport } = connect(
      () => session(),
      () => json(status, body),
    );
    expect(await sendOne(transport)).toMatchObject({ outcome, failure: { code } });
  });

  it.each([500, 502, 503, 429, 408])('tries again later after %i', async (status) => {
    const { transport } = connect(
      () => session(),
      () => json(status, { code: 'busy' }),
    );
    expect(await sendOne(transport)).toEqual({ outcome: 'retry', reason: 'server' });
  });

  it('does not believe the sign-in page of a hotel network', async () => {
    const { transport } = connect(
      () => session(),
      () => new Response('<html>Welcome</html>', { status: 200 }),
    );
    expect(await sendOne(transport)).toMatchObject({ outcome: 'retry' });
  });

  it('does not believe a proxy that cannot find the server', async () => {
    const { transport } = connect(
      () => session(),
      () => new Response('Not found', { status: 404 }),
    );
    expect(await sendOne(transport)).toMatchObject({ outcome: 'retry' });
  });

  it('takes a reply that breaks off for silence', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) });
    const { transport } = connect(
      () => session(),
      () => new Response(broken, { status: 200 }),
    );
    expect(await sendOne(transport)).toEqual({ outcome: 'retry', reason: 'network' });
  });

  it('renews a stale token once and repeats', async () => {
    const { transport, calls } = connect(
      () => session(),
      () => json(403, { code: 'csrf' }),
      () => session('user-1', 'token-2'),
      () => json(200, { status: 'accepted', job: null }),
    );
    expect(await sendOne(transport)).toMatchObject({ outcome: 'accepted' });
    expect(headersOf(calls[3])['X-CSRF-Token']).toBe('token-2');
  });

  it('never sends one technician’s work in the session of another', async () => {
    const { transport, calls } = connect(() => session('user-2'));
    expect(await sendOne(transport)).toEqual({ outcome: 'signed_out' });
    expect(calls).toHaveLength(1);
  });
});

describe('sending several commands', () => {
  const second: Operation = { ...operation, id: '0190-second', kind: 'depart', payload: {} };
  const accepted = { status: 'accepted', job: null };

  it('asks once and reads each answer by the id of its command', async () => {
    const refused = { status: 'conflict', code: 'transition_refused', message: 'late' };
    const replies = [
      { id: second.id, http_status: 409, reply: refused },
      { id: operation.id, http_status: 200, reply: accepted },
    ];
    const { transport, calls } = connect(
      () => session(),
      () => json(200, { replies }),
    );
    expect(await transport.send([operation, second])).toMatchObject({
      outcome: 'replied',
      replies: [{ outcome: 'accepted' }, { outcome: 'conflict', failure: { code: 'transition_refused' } }],
    });
    expect(calls[1]?.url).toBe('/api/sync/commands/batch');
    const body = JSON.parse(String(calls[1]?.init.body)) as { commands: { id: string }[] };
    expect(body.commands.map((command) => command.id)).toEqual([operation.id, second.id]);
  });

  it('tries again later what was not answered', async () => {
    const { transport } = connect(
      () => session(),
      () => json(200, { replies: [{ id: operation.id, http_status: 200, reply: accepted }] }),
    );
    expect(await transport.send([operation, second])).toMatchObject({
      replies: [{ outcome: 'accepted' }, { outcome: 'retry', reason: 'server' }],
    });
  });

  it.each([400, 404, 500])('knows nothing of any of them after %i', async (status) => {
    const { transport } = connect(
      () => session(),
      () => json(status, { code: 'bad_input' }),
    );
    expect(await transport.send([operation, second])).toEqual({ outcome: 'retry', reason: 'server' });
  });
});

describe('files and fetching', () => {
  const blob = { sha256: 'ab', bytes: new Uint8Array([1]), media_type: 'image/jpeg', is_uploaded: false };

  it('shows a refused file as refused', async () => {
    const { transport } = connect(
      () => session(),
      () => json(422, { code: 'not_an_image' }),
    );
    expect(await transport.putBlob('ab', blob)).toMatchObject({
      outcome: 'rejected',
      failure: { code: 'not_an_image' },
    });
  });

  it('is content with a file that is there already', async () => {
    const { transport, calls } = connect(
      () => session(),
      () => json(200, { sha256: 'ab' }),
    );
    expect(await transport.putBlob('ab', blob)).toEqual({ outcome: 'stored' });
    expect(calls[1]?.url).toBe('/api/blobs/ab');
  });

  const fresh = { ...blob, bytes: new Uint8Array(300_000) };
  const large = { ...fresh, is_begun: true };
  const half = (offset: number, complete = '0') =>
    new Response(null, {
      headers: { 'Upload-Offset': String(offset), 'Upload-Complete': complete },
    });

  it('sends a large file without asking what arrived of it when nothing was sent yet', async () => {
    const { transport, calls } = connect(
      () => session(),
      () => json(201, { offset: 300_000 }),
    );
    expect(await transport.putBlob('ab', fresh)).toEqual({ outcome: 'stored' });
    expect(calls.slice(1).map(({ init }) => init.method)).toEqual(['PATCH']);
    expect(headersOf(calls[1])).toMatchObject({ 'Upload-Offset': '0' });
  });

  it('goes on with a large file where it stopped', async () => {
    const { transport, calls } = connect(
      () => session(),
      () => half(200_000),
      () => json(201, { offset: 300_000 }),
    );
    expect(await transport.putBlob('ab', large)).toEqual({ outcome: 'stored' });
    expect(calls.slice(1).map(({ url, init }) => [init.method, url])).toEqual([
      ['HEAD', '/api/blobs/ab/upload'],
      ['PATCH', '/api/blobs/ab/upload'],
    ]);
    expect(headersOf(calls[2])).toMatchObject({ 'Upload-Offset': '200000', 'Upload-Length': '300000' });
    expect(calls[2]?.init.body).toHaveProperty('size', 100_000);
  });

  it('sends nothing of a large file that is there as a whole', async () => {
    const { transport, calls } = connect(
      () => session(),
      () => half(0, '1'),
    );
    expect(await transport.putBlob('ab', large)).toEqual({ outcome: 'stored' });
    expect(calls).toHaveLength(2);
  });

  it('starts over when the half that is there does not fit', async () => {
    const { transport } = connect(
      () => session(),
      () => half(200_000),
      () => json(422, { code: 'hash_mismatch' }),
    );
    expect(await transport.putBlob('ab', large)).toEqual({ outcome: 'retry', reason: 'server' });
  });

  const pulled = (technician_id: string) =>
    json(200, { jobs: [], ids: [], me: { technician_id }, cursor: '1' });

  it('asks from the start without a cursor, and needs no token for it', async () => {
    const { transport, calls } = connect(() => pulled('tech-1'));
    expect(await transport.pull(null)).toMatchObject({ outcome: 'pulled' });
    expect(calls.map((call) => call.url)).toEqual(['/api/sync/pull']);
  });

  it('does not take the jobs of another technician', async () => {
    const { transport } = connect(() => pulled('tech-2'));
    expect(await transport.pull('7')).toEqual({ outcome: 'signed_out' });
  });

  it('drops positions that the server refuses', async () => {
    const { transport } = connect(
      () => session(),
      () => json(422, { code: 'bad_input' }),
    );
    expect(await transport.sendPositions([])).toEqual({ outcome: 'rejected' });
  });

  it('says signed out when the session has ended', async () => {
    const { transport } = connect(() => json(401, { code: 'sign_in_required' }));
    expect(await transport.pull('7')).toEqual({ outcome: 'signed_out' });
  });
});
