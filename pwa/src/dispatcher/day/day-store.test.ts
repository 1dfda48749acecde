import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConsoleApi, Region } from '../api/console-api.ts';
import type { DayBoard } from './day-model.ts';
import { DayStore } from './day-store.svelte.ts';
import { sampleBoard } from './sample-board.ts';

const streams: string[] = [];

beforeEach(() => {
  streams.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal(
    'EventSource',
    class {
      constructor(address: string) {
        streams.push(address);
      }
      addEventListener(): void {}
      close(): void {}
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A day whose board comes when one says so. */
function awaitedDay(): { store: DayStore; come: () => void } {
  let come: () => void = () => undefined;
  const board = new Promise<DayBoard>((done) => {
    come = () => done(sampleBoard());
  });
  const api = { board: () => board, exceptions: async () => [] } as unknown as ConsoleApi;
  const region = { id: 'r', zone: 'Asia/Shanghai' } as Region;
  const quiet = { onPlanning: () => undefined, onImport: () => undefined, onPresence: () => undefined };
  return { store: new DayStore(api, region, '2026-11-23', quiet), come };
}

test('a day that has come is followed live until one leaves', async () => {
  const { store, come } = awaitedDay();
  const opened = store.open();
  come();
  await opened;
  expect(streams).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(2);
  store.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('a day that comes after one has left is not followed', async () => {
  const { store, come } = awaitedDay();
  const opened = store.open();
  store.close();
  come();
  await opened;
  expect(streams).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
