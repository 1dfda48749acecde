import type { ChangeEvent } from './types.ts';

export interface FeedHandlers {
  onChange: (change: ChangeEvent, cursor: string) => void;
  /** Something may have been missed: fetch everything again. */
  onResync: () => void;
  onOpen?: () => void;
  onLost?: () => void;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** The live change feed; it reconnects by itself and resumes where it was. */
export class Feed {
  #handlers: FeedHandlers;
  #stream: EventSource | null = null;
  #cursor: string | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retry_ms = FIRST_RETRY_MS;

  constructor(handlers: FeedHandlers) {
    this.#handlers = handlers;
  }

  open(after: string | null = this.#cursor): void {
    this.close();
    this.#cursor = after;
    const stream = new EventSource(after ? `/api/feed?after=${encodeURIComponent(after)}` : '/api/feed');
    this.#stream = stream;
    stream.addEventListener('open', () => this.#opened());
    stream.addEventListener('change', (event) => this.#changed(event as MessageEvent<string>));
    stream.addEventListener('resync', () => this.#handlers.onResync());
    stream.addEventListener('error', () => this.#failed(stream));
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#stream?.close();
    this.#stream = null;
  }

  /** Who names no place to go on from is told nothing of what happened between the last look and now. */
  #opened(): void {
    this.#retry_ms = FIRST_RETRY_MS;
    this.#handlers.onOpen?.();
    if (this.#cursor === null) this.#handlers.onResync();
  }

  #changed(event: MessageEvent<string>): void {
    this.#cursor = event.lastEventId || this.#cursor;
    this.#handlers.onChange(JSON.parse(event.data) as ChangeEvent, event.lastEventId);
  }

  /** A browser gives up for good after an error reply (a restarting server, a proxy), so we try again. */
  #failed(stream: EventSource): void {
    this.#handlers.onLost?.();
    if (stream.readyState !== EventSource.CLOSED) return;
    this.#retry = setTimeout(() => this.open(), this.#retry_ms);
    this.#retry_ms = Math.min(this.#retry_ms * 2, LAST_RETRY_MS);
  }
}
