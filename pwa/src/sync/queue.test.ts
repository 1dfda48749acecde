import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { exportWork } from './export.ts';
import type { Operation } from './operation.ts';
import { jobSheet } from './testing/job-sheet.ts';
import { newPhone, STORES } from './testing/phone.ts';

const photo = { bytes: new Uint8Array([1, 2, 3]), media_type: 'image/jpeg' };

describe.each(STORES)('entries this version cannot read (%s)', (_, open) => {
  async function phoneWithOddEntry() {
    const phone = newPhone({ store: open() });
    phone.server.put(jobSheet());
    await phone.loop.request();
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
    await phone.outbox.add('job-1', [{ kind: 'accept', payload: {} }]);
    await phone.store.transact(async (tx) => {
      const [first] = (await tx.operations()) as Operation[];
      await tx.putOperation({ ...first, kind: 'photo_v9' } as unknown as Operation);
    });
    return { ...phone, sha256 };
  }

  it('are set aside with a reason while the rest is sent', async () => {
    const { loop, server, store } = await phoneWithOddEntry();
    await loop.request();
    expect(server.effects.map((effect) => effect.kind)).toEqual(['accept']);
    const [item] = await store.transact((tx) => tx.quarantined());
    expect(item).toMatchObject({ reason: 'unknown kind photo_v9', entry: { job_id: 'job-1' } });
  });

  it('keep their files and are part of the export', async () => {
    const { loop, store, clock, sha256 } = await phoneWithOddEntry();
    await loop.request();
    const work = await exportWork(store, clock);
    expect(work.quarantined).toHaveLength(1);
    expect(work.files).toEqual([{ sha256, media_type: 'image/jpeg', base64: 'AQID' }]);
    expect(work.technician).toEqual({ id: 'tech-1', name: '王强' });
  });
});

it('exports what is queued and what was refused', async () => {
  const phone = newPhone();
  phone.server.put(jobSheet({ status: 'done' }));
  await phone.loop.request();
  await phone.outbox.add('job-1', [{ kind: 'depart', payload: {} }]);
  await phone.loop.request();
  await phone.outbox.add('job-1', [{ kind: 'note', payload: { text: '门铃坏了' } }]);
  const work = await exportWork(phone.store, phone.clock);
  expect(work.operations.map((operation) => operation.state)).toEqual(['conflict', 'queued']);
});
