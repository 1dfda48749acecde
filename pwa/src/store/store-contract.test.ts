import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { NewOperation } from '../sync/operation.ts';
import type { SyncStore } from '../sync/ports.ts';
import { settle } from '../sync/testing/fakes.ts';
import { jobSheet } from '../sync/testing/job-sheet.ts';
import { IndexedDbStore } from './indexed-db-store.ts';
import { MemoryStore } from './memory-store.ts';

let databases = 0;
const stores: [string, () => SyncStore][] = [
  ['memory', () => new MemoryStore()],
  ['IndexedDB', () => new IndexedDbStore(`contract-${++databases}`)],
];

function operation(id: string): NewOperation {
  return {
    id,
    kind: 'note',
    payload: { text: id },
    job_id: 'job-1',
    device_at: '2026-11-23T01:00:00.000Z',
    base_version: 1,
    blobs: [],
    state: 'queued',
    attempts: 0,
    failure: null,
  };
}

function row(id = 'job-1') {
  const base = jobSheet({ id });
  return { id, base, local: base, is_gone: false };
}

const blob = { sha256: 'aa', bytes: new Uint8Array([1, 2, 3]), media_type: 'image/jpeg', is_uploaded: false };

describe.each(stores)('%s store', (_, open) => {
  it('keeps operations in the order they were added', async () => {
    const store = open();
    await store.transact(async (tx) => {
      for (const id of ['b', 'a', 'c']) await tx.addOperation(operation(id));
    });
    const kept = await store.transact((tx) => tx.operations());
    expect(kept.map((entry) => (entry as { id: string }).id)).toEqual(['b', 'a', 'c']);
  });

  it('gives places in the queue that are never used again', async () => {
    const store = open();
    const first = await store.transact((tx) => tx.addOperation(operation('a')));
    await store.transact((tx) => tx.deleteOperation(first.seq));
    const second = await store.transact((tx) => tx.addOperation(operation('b')));
    expect(second.seq).toBeGreaterThan(first.seq);
  });

  it('keeps nothing of a transaction that fails', async () => {
    const store = open();
    const failing = store.transact(async (tx) => {
      await tx.putJob(row());
      await tx.addOperation(operation('a'));
      await tx.putBlob(blob);
      throw new Error('out of space');
    });
    await expect(failing).rejects.toThrow('out of space');
    const left = await store.transact(async (tx) => [
      await tx.jobs(),
      await tx.operations(),
      await tx.blobKeys(),
    ]);
    expect(left).toEqual([[], [], []]);
  });

  it('works on after a failed transaction', async () => {
    const store = open();
    await store.transact(() => Promise.reject(new Error('broken'))).catch(() => undefined);
    await store.transact((tx) => tx.putJob(row()));
    expect(await store.transact((tx) => tx.job('job-1'))).toEqual(row());
  });

  it('changes and removes operations', async () => {
    const store = open();
    const kept = await store.transact((tx) => tx.addOperation(operation('a')));
    await store.transact((tx) => tx.putOperation({ ...kept, attempts: 3 }));
    expect(await store.transact((tx) => tx.operations())).toEqual([{ ...kept, attempts: 3 }]);
    await store.transact((tx) => tx.deleteEntry(kept));
    expect(await store.transact((tx) => tx.operations())).toEqual([]);
  });

  it('keeps the bytes of files', async () => {
    const store = open();
    await store.transact((tx) => tx.putBlob(blob));
    const kept = await store.transact((tx) => tx.blob('aa'));
    expect([...(kept?.bytes ?? [])]).toEqual([1, 2, 3]);
    await store.transact((tx) => tx.deleteBlob('aa'));
    expect(await store.transact((tx) => tx.blobKeys())).toEqual([]);
  });

  it('gives the oldest positions first and forgets those sent', async () => {
    const store = open();
    const at = (minute: number) => ({
      at: `2026-11-23T01:0${minute}:00Z`,
      lat: 39.9,
      lng: 116.4,
      accuracy_m: 10,
    });
    await store.transact(async (tx) => {
      for (const minute of [3, 1, 2]) await tx.putPosition(at(minute));
    });
    expect(await store.transact((tx) => tx.positions(2))).toEqual([at(1), at(2)]);
    await store.transact((tx) => tx.deletePositions([at(1).at, at(2).at]));
    expect(await store.transact((tx) => tx.positions(9))).toEqual([at(3)]);
  });

  it('keeps quarantined entries and named values', async () => {
    const store = open();
    const item = { key: 'k', reason: 'unknown kind', found_at: '2026-11-23T01:00:00Z', entry: { odd: true } };
    await store.transact(async (tx) => {
      await tx.putQuarantined(item);
      await tx.putMeta('cursor', '7');
    });
    expect(await store.transact((tx) => tx.quarantined())).toEqual([item]);
    expect(await store.transact((tx) => tx.meta('cursor'))).toBe('7');
    expect(await store.transact((tx) => tx.meta('me'))).toBeUndefined();
  });

  it('tells listeners of writes, and only until they leave', async () => {
    const store = open();
    let calls = 0;
    const leave = store.subscribe(() => {
      calls += 1;
    });
    await store.transact((tx) => tx.putJob(row()));
    await settle();
    expect(calls).toBeGreaterThan(0);
    leave();
    const before = calls;
    await store.transact((tx) => tx.deleteJob('job-1'));
    await settle();
    expect(calls).toBe(before);
  });

  it('does not call a read a change', async () => {
    const store = open();
    await store.transact((tx) => tx.jobs());
    await settle();
    let calls = 0;
    store.subscribe(() => {
      calls += 1;
    });
    await store.transact(async (tx) => [await tx.jobs(), await tx.operations(), await tx.meta('cursor')]);
    await settle();
    expect(calls).toBe(0);
  });
});

describe('IndexedDB store', () => {
  it('tells the other tabs', async () => {
    const name = `contract-${++databases}`;
    const [here, there] = [new IndexedDbStore(name), new IndexedDbStore(name)];
    const heard = new Promise<void>((resolve) => there.subscribe(resolve));
    await here.transact((tx) => tx.putJob(row()));
    await heard;
    expect(await there.transact((tx) => tx.job('job-1'))).toEqual(row());
    await Promise.all([here.close(), there.close()]);
  });

  it('opens again after the browser closed the database', async () => {
    const store = new IndexedDbStore(`contract-${++databases}`);
    await store.transact((tx) => tx.putJob(row()));
    await store.close();
    expect(await store.transact((tx) => tx.jobs())).toEqual([row()]);
  });

  it('refuses a second operation in the same place and keeps nothing of that transaction', async () => {
    const store = new IndexedDbStore(`contract-${++databases}`);
    const first = await store.transact((tx) => tx.addOperation(operation('a')));
    const doubling = store.transact(async (tx) => {
      await tx.putJob(row());
      await tx.addOperation({ ...operation('b'), ...{ seq: first.seq } });
    });
    await expect(doubling).rejects.toMatchObject({ name: 'ConstraintError' });
    expect(await store.transact((tx) => tx.jobs())).toEqual([]);
  });
});
