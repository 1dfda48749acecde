import { describe, expect, it } from 'vitest';
import { Layers } from './layer-history.ts';

function phone() {
  const log: string[] = [];
  const pending: (() => void)[] = [];
  const layers = new Layers({
    push: () => log.push('push'),
    replace: (path) => log.push(`replace ${path}`),
    back: (steps) => log.push(`back ${steps}`),
    later: (run) => pending.push(run),
  });
  const settle = () => {
    for (const run of pending.splice(0)) run();
  };
  return { layers, log, settle };
}

describe('the back button', () => {
  it('closes the sheet on top and leaves the screen', () => {
    const { layers, log } = phone();
    const closed: string[] = [];
    layers.open(() => closed.push('below'));
    layers.open(() => closed.push('above'));
    expect(layers.wentBack()).toBe(true);
    expect(closed).toEqual(['above']);
    expect(log).toEqual(['push', 'push']);
  });

  it('leaves the screen when no sheet is open', () => {
    expect(phone().layers.wentBack()).toBe(false);
  });

  it('is not needed a second time after a sheet was closed by its own button', () => {
    const { layers, log, settle } = phone();
    const release = layers.open(() => undefined);
    release();
    settle();
    expect(log).toEqual(['push', 'back 1']);
    expect(layers.wentBack()).toBe(true);
    expect(layers.wentBack()).toBe(false);
  });

  it('does nothing more for a sheet it has closed itself', () => {
    const { layers, log, settle } = phone();
    const release = layers.open(() => undefined);
    layers.wentBack();
    release();
    settle();
    expect(log).toEqual(['push']);
  });
});

describe('going on from within a sheet', () => {
  it('puts the next screen in the place of the sheet', () => {
    const { layers, log, settle } = phone();
    const release = layers.open(() => undefined);
    expect(layers.leaveTo('#/today')).toBe(true);
    release();
    settle();
    expect(log).toEqual(['push', 'replace #/today']);
    expect(layers.wentBack()).toBe(false);
  });

  it('uses the entry of a sheet that was closed just before', () => {
    const { layers, log, settle } = phone();
    layers.open(() => undefined)();
    expect(layers.leaveTo('#/today')).toBe(true);
    settle();
    expect(log).toEqual(['push', 'replace #/today']);
  });

  it('lets one sheet take the entry of the one before it', () => {
    const { layers, log, settle } = phone();
    layers.open(() => undefined)();
    layers.open(() => undefined);
    settle();
    expect(log).toEqual(['push']);
  });
});
