import { describe, expect, it } from 'vitest';
import { Latest } from './latest.ts';

/** A store, and what a screen shows of it: a reading copies at its beginning and shows at its end. */
function shelf() {
  const store: string[] = [];
  const screen = { shown: [] as string[], readings: 0 };
  const goOn: (() => void)[] = [];
  const latest = new Latest(async () => {
    screen.readings += 1;
    const copy = [...store];
    await new Promise<void>((resolve) => goOn.push(resolve));
    screen.shown = copy;
  });
  /** Ends the reading under way, and lets all that follows at once follow. */
  const end = async () => {
    goOn.shift()?.();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { store, screen, latest, end };
}

describe('the latest reading', () => {
  it('holds what was written before it was asked for, though another reading was under way', async () => {
    const { store, screen, latest, end } = shelf();
    void latest.ask();
    store.push('taken to the workshop');
    let seen: string[] | null = null;
    void latest.ask().then(() => {
      seen = screen.shown;
    });
    await end();
    expect(seen).toBeNull();
    await end();
    expect(seen).toEqual(['taken to the workshop']);
  });

  it('is one for all who asked meanwhile', async () => {
    const { screen, latest, end } = shelf();
    const asked = [latest.ask(), latest.ask(), latest.ask()];
    await end();
    await end();
    await Promise.all(asked);
    expect(screen.readings).toBe(2);
  });

  it('begins anew for who asks after the end', async () => {
    const { store, screen, latest, end } = shelf();
    const first = latest.ask();
    await end();
    await first;
    store.push('later');
    const second = latest.ask();
    await end();
    await second;
    expect(screen.shown).toEqual(['later']);
  });

  it('tells a failure to those who waited for it, and reads again for the next', async () => {
    let isBroken = true;
    const latest = new Latest(() => (isBroken ? Promise.reject(new Error('closed')) : Promise.resolve()));
    await expect(latest.ask()).rejects.toThrow('closed');
    isBroken = false;
    await expect(latest.ask()).resolves.toBeUndefined();
  });
});
