import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed } from './feed.ts';

class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeStream[] = [];
  readyState = 1;
  url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeStream.all.push(this);
  }

  close(): void {
    this.readyState = FakeStream.CLOSED;
  }

  say(type: string, data: unknown, lastEventId = ''): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  giveUp(): void {
    this.readyState = FakeStream.CLOSED;
    this.dispatchEvent(new Event('error'));
  }
}

const handlers = () => ({ onChange: vi.fn(), onResync: vi.fn(), onOpen: vi.fn(), onLost: vi.fn() });
const streams = () => FakeStream.all;
const latest = (): FakeStream => {
  const stream = FakeStream.all[FakeStream.all.length - 1];
  if (!stream) throw new Error('No stream was opened');
  return stream;
};

beforeEach(() => {
  FakeStream.all = [];
  vi.stubGlobal('EventSource', FakeStream);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the live feed', () => {
  it('tells of changes with the place where they stand', () => {
    const told = handlers();
    new Feed(told).open();
    latest().say('change', { entity: 'job', id: 'j1' }, '17');
    expect(told.onChange).toHaveBeenCalledWith({ entity: 'job', id: 'j1' }, '17');
  });

  it('goes on after the last change when a server gave up on it', () => {
    const told = handlers();
    new Feed(told).open();
    latest().say('change', { entity: 'job', id: 'j1' }, '17');
    latest().giveUp();
    expect(told.onLost).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1000);
    expect(latest().url).toBe('/api/feed?after=17');
  });

  it('waits longer each time, and starts over once it is open', () => {
    const feed = new Feed(handlers());
    feed.open();
    latest().giveUp();
    vi.advanceTimersByTime(1000);
    latest().giveUp();
    vi.advanceTimersByTime(1999);
    expect(streams()).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(streams()).toHaveLength(3);
    latest().dispatchEvent(new Event('open'));
    latest().giveUp();
    vi.advanceTimersByTime(1000);
    expect(streams()).toHaveLength(4);
  });

  it('leaves short interruptions to the browser', () => {
    new Feed(handlers()).open();
    latest().dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(60_000);
    expect(streams()).toHaveLength(1);
  });

  it('stays closed', () => {
    const feed = new Feed(handlers());
    feed.open();
    latest().giveUp();
    feed.close();
    vi.advanceTimersByTime(60_000);
    expect(streams()).toHaveLength(1);
  });

  it('asks for everything again once it is open without a place to go on from', () => {
    const told = handlers();
    const feed = new Feed(told);
    feed.open();
    expect(told.onResync).not.toHaveBeenCalled();
    latest().dispatchEvent(new Event('open'));
    expect(told.onResync).toHaveBeenCalledOnce();
    latest().say('change', { entity: 'job', id: 'j1' }, '17');
    feed.open();
    latest().dispatchEvent(new Event('open'));
    expect(told.onResync).toHaveBeenCalledOnce();
  });

  it('asks for everything again when too much was missed', () => {
    const told = handlers();
    new Feed(told).open();
    latest().say('resync', {});
    expect(told.onResync).toHaveBeenCalledOnce();
  });
});
