import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { IndexedDbStore } from '../store/indexed-db-store.ts';
import { FakeServer } from './testing/fake-server.ts';
import { Fuzz, type FuzzResult, violations } from './testing/fuzz.ts';

const SEEDS = 500;
const DATABASE_SEEDS = 25;

it(`nothing is lost, nothing doubled and both sides agree (${SEEDS} seeds)`, async () => {
  const seen = { created: 0, refused: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await new Fuzz({ seed }).run();
    expect(violations(result), `seed ${seed}`).toEqual([]);
    seen.created += result.created.length;
    seen.refused += result.left.length;
  }
  // A walk that never works, or that never meets a refusal, would prove nothing.
  expect(seen.created).toBeGreaterThan(SEEDS * 10);
  expect(seen.refused).toBeGreaterThan(SEEDS / 10);
}, 120_000);

it(`the same on IndexedDB (${DATABASE_SEEDS} seeds)`, async () => {
  for (let seed = 1; seed <= DATABASE_SEEDS; seed++) {
    const result = await new Fuzz({ seed, steps: 30, store: new IndexedDbStore(`fuzz-${seed}`) }).run();
    expect(violations(result), `seed ${seed}`).toEqual([]);
  }
}, 120_000);

async function violationsWith(server: () => FakeServer): Promise<string[]> {
  const results: FuzzResult[] = [];
  for (let seed = 1; seed <= 20; seed++) results.push(await new Fuzz({ seed, server: server() }).run());
  return results.flatMap(violations);
}

it('would notice a server that forgets what it has answered', async () => {
  const forgetful = () => Object.assign(new FakeServer(), { isIdempotent: false });
  expect((await violationsWith(forgetful)).join('\n')).toMatch(/exists 2 times/);
});

it('would notice a server that says yes and does nothing', async () => {
  const lazy = () => {
    const server = new FakeServer();
    const command = server.command.bind(server);
    server.command = (operation) =>
      operation.kind === 'note' ? { outcome: 'accepted', job: null } : command(operation);
    return server;
  };
  expect((await violationsWith(lazy)).join('\n')).toMatch(/note .* exists 0 times/);
});
