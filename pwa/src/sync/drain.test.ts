import { expect, it } from 'vitest';
import { Http } from '../api/http.ts';
import { SessionApi } from '../api/session.ts';
import { SyncTransport } from '../api/sync-transport.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Command } from './operation.ts';
import { Outbox } from './outbox.ts';
import { SyncLoop } from './sync-loop.ts';
import { FakeServer } from './testing/fake-server.ts';
import { CountingIds, FakeClock, FakeLocks, FakeNetwork, nodeHasher, settle } from './testing/fakes.ts';
import { jobSheet } from './testing/job-sheet.ts';
import { SlowLine } from './testing/slow-line.ts';

const BUDGET_MS = 6_000;
const PHOTO = { bytes: new Uint8Array(310_000).fill(7), media_type: 'image/jpeg' };
const ANSWERS = 9;

/** A job done without signal: sixteen commands, and a photo in the middle of them. */
async function workOf(outbox: Outbox): Promise<[Command[], Command[], Command[]]> {
  const sha256 = await outbox.hash(PHOTO.bytes);
  const taken_at = '2026-11-23T01:00:00Z';
  const answers = Array.from(
    { length: ANSWERS },
    (_, at): Command => ({ kind: 'answer', payload: { step: `step-${at}`, value: true } }),
  );
  const strokes = [Array.from({ length: 120 }, (_, t) => ({ x: 0.12345, y: 0.54321, t, p: 0.5 }))];
  const sign = { snapshot: {}, sha256: 'ab', signer: '李', strokes, signed_at: taken_at };
  const photo = { sha256, step: null, kind: 'after', taken_at, width: 1440, height: 1080 } as const;
  return [
    [
      { kind: 'accept', payload: {} },
      { kind: 'depart', payload: {} },
      { kind: 'arrive', payload: {} },
      { kind: 'note', payload: { text: '门铃坏了' } },
      ...answers,
    ],
    [{ kind: 'photo', payload: photo }],
    [
      { kind: 'complete', payload: {} },
      { kind: 'sign', payload: sign },
    ],
  ];
}

it('empties the outbox within its budget on a slow line although three replies are cut', async () => {
  const server = new FakeServer();
  server.put(jobSheet());
  const clock = new FakeClock();
  const line = new SlowLine(server, clock, [
    'PATCH /api/blobs',
    'POST /api/sync/commands',
    'POST /api/sync/commands',
  ]);
  const http = new Http(line.fetch);
  http.csrfToken = 'token';
  const transport = new SyncTransport(http, new SessionApi(http), { id: 'user-1', technician_id: 'tech-1' });
  const base = { store: new MemoryStore(), clock, ids: new CountingIds() };
  const network = new FakeNetwork();
  const loop = new SyncLoop({
    ...base,
    transport,
    network,
    locks: new FakeLocks().forTab('tab'),
    onError: (error) => expect(error).toBeUndefined(),
  });
  const outbox = new Outbox({ ...base, hasher: nodeHasher });
  await base.store.transact((tx) =>
    tx.putJob({ id: 'job-1', base: jobSheet(), local: jobSheet(), is_gone: false }),
  );
  const [before, photo, after] = await workOf(outbox);
  await outbox.add('job-1', before);
  await outbox.add('job-1', photo, [PHOTO]);
  await outbox.add('job-1', after);

  const began = clock.now();
  void loop.request();
  while ((await base.store.transact((tx) => tx.operations())).length > 0) {
    await settle();
    clock.advance(clock.pending_ms[0] ?? 0);
    expect(clock.now() - began, line.log.join('\n')).toBeLessThanOrEqual(BUDGET_MS);
  }
  expect(line.cutsLeft).toBe(0);
  expect(server.effects).toHaveLength(4 + ANSWERS + 3);
});
