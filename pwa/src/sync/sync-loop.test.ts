import { describe, expect, it } from 'vitest';
import { settle } from './testing/fakes.ts';
import { jobSheet } from './testing/job-sheet.ts';
import { fates, newPhone, type Phone, type PhoneOptions } from './testing/phone.ts';

async function phoneWithJob(options: PhoneOptions = {}, changes = {}): Promise<Phone> {
  const phone = newPhone(options);
  phone.server.put(jobSheet(changes));
  await phone.loop.request();
  return phone;
}

const accept = { kind: 'accept', payload: {} } as const;

describe('sending', () => {
  it('has one effect although three replies are cut', async () => {
    const phone = await phoneWithJob({ fate: fates('accept', 'cut', 'cut', 'cut') });
    await phone.outbox.add('job-1', [accept]);
    await phone.loop.request();
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(phone.loop.state).toBe('offline');
      phone.clock.advance(5_000);
      await settle();
    }
    expect(phone.server.effects).toHaveLength(1);
    expect(await phone.queue()).toEqual([]);
    expect(phone.loop.state).toBe('idle');
  });

  async function waitsAfter(phone: Phone, count: number): Promise<number[]> {
    const waits: number[] = [];
    await phone.outbox.add('job-1', [accept]);
    await phone.loop.request();
    for (let attempt = 0; attempt < count; attempt++) {
      waits.push(phone.clock.pending_ms[0] ?? 0);
      phone.clock.advance(waits[attempt] ?? 0);
      await settle();
    }
    return waits;
  }

  it.each([
    ['lost', 2_000],
    ['server_error', 60_000],
  ] as const)('waits longer each time it is %s, but never more than %d ms', async (fate, most_ms) => {
    const phone = await phoneWithJob({ fate: fates('accept', ...Array.from({ length: 9 }, () => fate)) });
    const waits = await waitsAfter(phone, 9);
    for (const [attempt, wait] of waits.entries()) {
      const longest = Math.min(200 * 2 ** attempt, most_ms);
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
      expect(wait).toBeLessThanOrEqual(longest);
    }
    expect(phone.clock.pending_ms).toEqual([]);
    expect(await phone.queue()).toEqual([]);
  });

  it('starts over after progress', async () => {
    const phone = await phoneWithJob({ fate: fates('accept', 'lost', 'lost', 'lost', 'lost') });
    await waitsAfter(phone, 4);
    phone.server.pull = () => ({ outcome: 'retry', reason: 'network' });
    await phone.loop.request();
    expect(phone.clock.pending_ms[0]).toBeLessThanOrEqual(200);
  });

  it('stops waiting when the network comes back', async () => {
    const phone = await phoneWithJob({ fate: fates('accept', 'lost') });
    await phone.outbox.add('job-1', [accept]);
    await phone.loop.request();
    expect(phone.loop.state).toBe('offline');
    phone.network.comeBack();
    await settle();
    expect(phone.server.effects).toHaveLength(1);
    expect(phone.clock.pending_ms).toEqual([]);
  });

  it('lets a job with a server error not hold back the others', async () => {
    const fate = {
      batch: fates('batch', 'server_error', 'server_error'),
      accept: fates('accept', 'server_error'),
    };
    const phone = await phoneWithJob({
      fate: (what) => (what === 'batch' ? fate.batch(what) : fate.accept(what)),
    });
    phone.server.put(jobSheet({ id: 'job-2', visit_id: 'visit-2' }));
    await phone.loop.request();
    await phone.outbox.add('job-1', [accept, { kind: 'depart', payload: {} }]);
    await phone.outbox.add('job-2', [accept]);
    await phone.loop.request();
    expect(phone.server.effects.map((effect) => effect.job_id)).toEqual(['job-2']);
    expect(phone.loop.state).toBe('waiting');
    phone.clock.advance(60_000);
    await settle();
    expect(phone.server.effects.map((effect) => effect.kind)).toEqual(['accept', 'accept', 'depart']);
  });

  it('sends many commands in one request, and again when its reply is cut', async () => {
    const phone = await phoneWithJob({ fate: fates('batch', 'cut', 'halved') });
    await phone.outbox.add('job-1', [
      accept,
      { kind: 'depart', payload: {} },
      { kind: 'arrive', payload: {} },
    ]);
    await phone.loop.request();
    await phone.loop.retryNow();
    await phone.loop.retryNow();
    expect(phone.server.effects.map((effect) => effect.kind)).toEqual(['accept', 'depart', 'arrive']);
    expect(phone.transport.log.filter((line) => line.startsWith('batch'))).toHaveLength(3);
    expect(await phone.queue()).toEqual([]);
  });

  it('tells what it can before it uploads pictures', async () => {
    const phone = await phoneWithJob();
    const photo = { bytes: new Uint8Array([7]), media_type: 'image/jpeg' };
    const sha256 = await phone.outbox.hash(photo.bytes);
    const taken_at = '2026-11-23T01:00:00Z';
    const payload = { sha256, step: null, kind: 'after', taken_at, width: 1, height: 1 } as const;
    await phone.outbox.add('job-1', [accept, { kind: 'depart', payload: {} }]);
    await phone.outbox.add(
      'job-1',
      [
        { kind: 'photo', payload },
        { kind: 'arrive', payload: {} },
      ],
      [photo],
    );
    phone.transport.log.length = 0;
    await phone.loop.request();
    expect(phone.transport.log).toEqual(['batch:pass', 'blob:pass', 'batch:pass', 'pull:pass']);
  });

  it('keeps everything when the session has ended, and goes on after signing in', async () => {
    const phone = await phoneWithJob({ fate: fates('accept', 'signed_out') });
    await phone.outbox.add('job-1', [accept]);
    await phone.loop.request();
    expect(phone.loop.state).toBe('signed_out');
    expect(await phone.queue()).toHaveLength(1);
    await phone.loop.request();
    expect(phone.loop.state).toBe('idle');
    expect(phone.server.effects).toHaveLength(1);
  });

  it('shows a file that is gone as refused work', async () => {
    const phone = await phoneWithJob();
    const photo = { bytes: new Uint8Array([1]), media_type: 'image/jpeg' };
    const sha256 = await phone.outbox.hash(photo.bytes);
    const payload = {
      sha256,
      step: null,
      kind: 'evidence',
      taken_at: '2026-11-23T01:00:00Z',
      width: 1,
      height: 1,
    } as const;
    await phone.outbox.add('job-1', [{ kind: 'photo', payload }], [photo]);
    await phone.store.transact((tx) => tx.deleteBlob(sha256));
    await phone.loop.request();
    expect(await phone.queue()).toMatchObject([{ state: 'rejected', failure: { code: 'file_missing' } }]);
  });

  it('does not upload a file again that arrived before its command was cut off', async () => {
    const phone = await phoneWithJob({ fate: fates('photo', 'lost') });
    const photo = { bytes: new Uint8Array([1]), media_type: 'image/jpeg' };
    const sha256 = await phone.outbox.hash(photo.bytes);
    const payload = {
      sha256,
      step: null,
      kind: 'evidence',
      taken_at: '2026-11-23T01:00:00Z',
      width: 1,
      height: 1,
    } as const;
    await phone.outbox.add('job-1', [{ kind: 'photo', payload }], [photo]);
    await phone.loop.request();
    await phone.loop.retryNow();
    expect(phone.transport.log.filter((line) => line.startsWith('blob'))).toEqual(['blob:pass']);
    expect(phone.server.effects).toHaveLength(1);
  });

  it('asks for a file whose answer was cut before sending it a second time', async () => {
    const phone = await phoneWithJob({ fate: fates('blob', 'cut') });
    const photo = { bytes: new Uint8Array([1]), media_type: 'image/jpeg' };
    const sha256 = await phone.outbox.hash(photo.bytes);
    const taken_at = '2026-11-23T01:00:00Z';
    const payload = { sha256, step: null, kind: 'evidence', taken_at, width: 1, height: 1 } as const;
    await phone.outbox.add('job-1', [{ kind: 'photo', payload }], [photo]);
    phone.transport.log.length = 0;
    await phone.loop.request();
    expect(phone.transport.log).toEqual(['blob:cut', 'has:pass', 'photo:pass', 'pull:pass']);
    expect(await phone.queue()).toEqual([]);
  });

  it('reports a failing store and tries again later', async () => {
    const phone = await phoneWithJob();
    const broken = phone.store.transact.bind(phone.store);
    phone.store.transact = () => Promise.reject(new Error('disk full'));
    await phone.loop.request();
    expect(phone.errors).toMatchObject([{ message: 'disk full' }]);
    expect(phone.loop.state).toBe('waiting');
    phone.store.transact = broken;
    phone.clock.advance(60_000);
    await settle();
    expect(phone.loop.state).toBe('idle');
  });
});

describe('fetching', () => {
  it('keeps unsent work on top of what the dispatcher changed', async () => {
    const phone = await phoneWithJob({ fate: fates('accept', 'server_error') });
    await phone.outbox.add('job-1', [accept]);
    const window = { start: '2026-11-23T06:00:00Z', end: '2026-11-23T08:00:00Z' };
    phone.server.edit('job-1', { window });
    await phone.loop.request();
    expect((await phone.row())?.local).toMatchObject({ status: 'accepted', window });
  });

  it('does not count work twice that arrived although its reply was cut', async () => {
    const phone = await phoneWithJob(
      { fate: fates('use_part', 'cut', 'server_error') },
      { status: 'on_site' },
    );
    const payload = { use_id: 'use-1', sku: 'PIPE', qty: 2 };
    const hint = { name: '铜管', unit_price_fen: 4500 };
    await phone.outbox.add('job-1', [{ kind: 'use_part', payload, hint }]);
    await phone.loop.request();
    await phone.loop.request();
    expect(await phone.queue()).toHaveLength(1);
    expect((await phone.row())?.local.parts_used).toHaveLength(1);
  });

  it('takes a job off the phone that was given to another technician', async () => {
    const phone = await phoneWithJob();
    phone.server.takeAway('job-1');
    await phone.loop.request();
    expect(await phone.row()).toBeUndefined();
  });

  it('keeps the work done on a job that was given away meanwhile, until it is given up', async () => {
    const phone = await phoneWithJob({}, { status: 'on_site' });
    await phone.outbox.add('job-1', [{ kind: 'answer', payload: { step: 'power', value: true } }]);
    phone.server.takeAway('job-1');
    await phone.loop.request();
    const [operation] = await phone.queue();
    expect(operation).toMatchObject({ state: 'rejected', failure: { code: 'not_found' } });
    expect((await phone.row())?.is_gone).toBe(true);
    await phone.outbox.discard(operation?.id ?? '');
    expect(await phone.row()).toBeUndefined();
  });

  it('records how far the clock of the phone is off', async () => {
    const phone = await phoneWithJob();
    const pull = phone.server.pull.bind(phone.server);
    phone.server.pull = (cursor, time) => pull(cursor, new Date(Date.parse(time) + 90_000).toISOString());
    await phone.loop.request();
    expect(await phone.store.transact((tx) => tx.meta('skew_ms'))).toBe(90_000);
  });

  it('ignores an older copy of a job', async () => {
    const phone = await phoneWithJob();
    phone.server.edit('job-1', { status: 'accepted' });
    await phone.loop.request();
    phone.server.put(jobSheet({ version: 1 }));
    await phone.loop.request();
    expect((await phone.row())?.base).toMatchObject({ version: 2, status: 'accepted' });
  });
});

describe('two tabs', () => {
  it('a tab that dies while sending hands over to the one that waits', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add('job-1', [accept]);
    const dying = phone.locks.forTab('dying').exclusive('shangmen-sync', () => new Promise(() => undefined));
    void dying;
    const cycle = phone.loop.request();
    await settle();
    expect(phone.server.effects).toEqual([]);
    phone.locks.kill('dying');
    await cycle;
    expect(phone.server.effects).toHaveLength(1);
  });
});

describe('positions', () => {
  const at = (second: number, lat = 39.9) => ({
    at: new Date(1_795_400_000_000 + second * 1000).toISOString(),
    lat,
    lng: 116.4,
    accuracy_m: 8,
  });

  it('keeps a point a minute, or after 200 m', async () => {
    const { loop } = await phoneWithJob();
    expect(await loop.positions.record(at(0))).toBe(true);
    expect(await loop.positions.record(at(10))).toBe(false);
    expect(await loop.positions.record(at(20, 39.903))).toBe(true);
    expect(await loop.positions.record(at(81, 39.903))).toBe(true);
  });

  it('sends them in batches of a hundred, once each', async () => {
    const phone = await phoneWithJob({ fate: fates('positions', 'pass', 'cut') });
    for (let minute = 0; minute < 130; minute++) await phone.loop.positions.record(at(minute * 60));
    await phone.loop.request();
    await phone.loop.retryNow();
    expect(phone.server.positions.size).toBe(130);
    expect(await phone.store.transact((tx) => tx.positions(1))).toEqual([]);
    expect(phone.transport.log.filter((line) => line.startsWith('positions'))).toHaveLength(3);
  });
});
