import { describe, expect, it } from 'vitest';
import type { Command } from './operation.ts';
import { UnknownJobError } from './outbox.ts';
import { jobSheet } from './testing/job-sheet.ts';
import { newPhone, type Phone } from './testing/phone.ts';

const photo = { bytes: new Uint8Array([9, 8, 7]), media_type: 'image/jpeg' };

async function phoneWithJob(changes = {}): Promise<Phone> {
  const phone = newPhone();
  phone.server.put(jobSheet(changes));
  await phone.loop.request();
  return phone;
}

async function photoCommand(phone: Phone): Promise<Command> {
  const sha256 = await phone.outbox.hash(photo.bytes);
  const payload = {
    sha256,
    step: 'finish',
    kind: 'after',
    taken_at: '2026-11-23T01:00:00Z',
    width: 4,
    height: 3,
  } as const;
  return { kind: 'photo', payload };
}

describe('adding work', () => {
  it('keeps the command, its effect and its file together', async () => {
    const phone = await phoneWithJob();
    const command = await photoCommand(phone);
    await phone.outbox.add('job-1', [command], [photo]);
    const [operation] = await phone.queue();
    expect(operation?.blobs).toEqual([await phone.outbox.hash(photo.bytes)]);
    expect((await phone.row())?.local.photos).toHaveLength(1);
    expect(await phone.store.transact((tx) => tx.blobKeys())).toEqual(operation?.blobs);
  });

  it('refuses work for a job that is not on the phone and keeps no file of it', async () => {
    const phone = await phoneWithJob();
    const adding = phone.outbox.add('job-9', [await photoCommand(phone)], [photo]);
    await expect(adding).rejects.toThrow(UnknownJobError);
    expect(await phone.store.transact((tx) => tx.blobKeys())).toEqual([]);
  });

  it('says on which version a text was written, not which came while it was being typed', async () => {
    const phone = await phoneWithJob({ version: 4 });
    await phone.outbox.add('job-1', [{ kind: 'note', payload: { text: '走西门' }, seen_version: 3 }]);
    const [operation] = await phone.queue();
    expect(operation?.base_version).toBe(3);
    expect(operation).not.toHaveProperty('seen_version');
  });

  it('stamps taps within one millisecond in their order', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add('job-1', [
      { kind: 'accept', payload: {} },
      { kind: 'depart', payload: {} },
    ]);
    const [first, second] = await phone.queue();
    expect(Date.parse(second?.device_at ?? '')).toBeGreaterThan(Date.parse(first?.device_at ?? ''));
  });

  it('believes a clock that was set back', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add('job-1', [{ kind: 'accept', payload: {} }]);
    phone.clock.setBack(3_600_000);
    await phone.outbox.add('job-1', [{ kind: 'depart', payload: {} }]);
    expect((await phone.queue())[1]?.device_at).toBe(new Date(phone.clock.now()).toISOString());
  });

  it('keeps what the clock was known to be off with each tap', async () => {
    const phone = await phoneWithJob();
    await phone.store.transact((tx) => tx.putMeta('skew_ms', 90_000));
    await phone.outbox.add('job-1', [{ kind: 'accept', payload: {} }]);
    await phone.store.transact((tx) => tx.putMeta('skew_ms', 0));
    const [tap] = await phone.queue();
    expect(tap).toMatchObject({ device_at: new Date(phone.clock.now()).toISOString(), skew_ms: 90_000 });
  });

  it('puts a file only on the commands that name it', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add(
      'job-1',
      [await photoCommand(phone), { kind: 'note', payload: { text: '好' } }],
      [photo],
    );
    expect((await phone.queue()).map((operation) => operation.blobs.length)).toEqual([1, 0]);
  });
});

describe('files', () => {
  it('are deleted when the last of two operations with the same picture is done', async () => {
    const phone = await phoneWithJob();
    const command = await photoCommand(phone);
    await phone.outbox.add('job-1', [command], [photo]);
    await phone.outbox.add('job-1', [command], [photo]);
    expect(await phone.store.transact((tx) => tx.blobKeys())).toHaveLength(1);
    phone.server.takeAway('job-1');
    await phone.loop.request();
    const [first, second] = await phone.queue();
    await phone.outbox.discard(first?.id ?? '');
    expect(await phone.store.transact((tx) => tx.blobKeys())).toHaveLength(1);
    await phone.outbox.discard(second?.id ?? '');
    expect(await phone.store.transact((tx) => tx.blobKeys())).toEqual([]);
  });

  it('stay while the job on the phone shows them', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add('job-1', [await photoCommand(phone)], [photo]);
    await phone.loop.request();
    expect(await phone.queue()).toEqual([]);
    expect(await phone.store.transact((tx) => tx.blobKeys())).toHaveLength(1);
  });

  it('leave the phone with their job', async () => {
    const phone = await phoneWithJob();
    await phone.outbox.add('job-1', [await photoCommand(phone)], [photo]);
    await phone.loop.request();
    phone.server.takeAway('job-1');
    await phone.loop.request();
    expect(await phone.row()).toBeUndefined();
    expect(await phone.store.transact((tx) => tx.blobKeys())).toEqual([]);
  });
});

describe('refused work', () => {
  async function refused(): Promise<Phone> {
    const phone = await phoneWithJob({ status: 'done' });
    await phone.outbox.add('job-1', [{ kind: 'depart', payload: {} }]);
    await phone.loop.request();
    return phone;
  }

  it('is sent again under a new identity when the technician asks', async () => {
    const phone = await refused();
    const [before] = await phone.queue();
    expect(before?.state).toBe('conflict');
    phone.server.edit('job-1', { status: 'accepted' });
    await phone.outbox.retry(before?.id ?? '');
    const [after] = await phone.queue();
    expect(after).toMatchObject({ state: 'queued', kind: 'depart', failure: null });
    expect(after?.id).not.toBe(before?.id);
    await phone.loop.request();
    expect(phone.server.effects).toMatchObject([{ id: after?.id, kind: 'depart' }]);
  });

  it('brings its file along when it is sent again', async () => {
    const phone = await phoneWithJob();
    phone.server.putBlob = () => ({ outcome: 'stored' });
    await phone.outbox.add('job-1', [await photoCommand(phone)], [photo]);
    await phone.loop.request();
    const [operation] = await phone.queue();
    expect(operation?.failure?.code).toBe('blob_unknown');
    await phone.outbox.retry(operation?.id ?? '');
    await phone.loop.request();
    expect(phone.transport.log.filter((line) => line === 'blob:pass')).toHaveLength(2);
  });

  it('can be given up, while queued work cannot', async () => {
    const phone = await refused();
    await phone.outbox.add('job-1', [{ kind: 'note', payload: { text: '好' } }]);
    for (const operation of await phone.queue()) await phone.outbox.discard(operation.id);
    expect((await phone.queue()).map((operation) => operation.kind)).toEqual(['note']);
  });
});
