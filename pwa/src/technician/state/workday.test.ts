import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OffersApi } from '../../api/offers.ts';
import type { SessionUser } from '../../api/types.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { StoreTransaction } from '../../sync/ports.ts';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { newPhone } from '../../sync/testing/phone.ts';
import { Workday } from './workday.svelte.ts';

/** A store that breaks once, right after work was put into it. */
class Brittle extends MemoryStore {
  isBrittle = false;

  override async transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    const found = await super.transact(work);
    if (this.isBrittle) {
      this.isBrittle = false;
      vi.spyOn(MemoryStore.prototype, 'transact').mockRejectedValueOnce(new Error('the connection is lost'));
    }
    return found;
  }
}

async function phoneWithWork(store: MemoryStore): Promise<Workday> {
  const phone = newPhone({ store });
  phone.server.put(jobSheet());
  await phone.loop.request();
  phone.loop.stop();
  const { transport } = newPhone({ store, fate: () => 'lost' });
  const user = { id: 'u1' } as SessionUser;
  return new Workday({ user, store, transport, offers: {} as OffersApi, onError: () => undefined });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: false });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a technician's work", () => {
  it('is kept, and shown a moment later, when the phone cannot read it at once', async () => {
    const store = new Brittle();
    const workday = await phoneWithWork(store);
    store.isBrittle = true;

    await expect(workday.work('job-1', [{ kind: 'accept', payload: {} }])).resolves.toBeUndefined();
    expect(workday.queue).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(workday.queue.map(({ kind }) => kind)).toEqual(['accept']);
    workday.stop();
  });

  it('is read no more once the phone is signed out', async () => {
    const store = new Brittle();
    const workday = await phoneWithWork(store);
    store.isBrittle = true;
    await workday.work('job-1', [{ kind: 'accept', payload: {} }]);

    workday.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(workday.queue).toEqual([]);
  });
});
