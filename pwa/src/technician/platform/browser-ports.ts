import type { Clock, Hasher, Ids, Locks, Network } from '../../sync/ports.ts';

/** A random UUID; `crypto.randomUUID` is younger than the phones we serve. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after(delay_ms, run) {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
};

export const browserIds: Ids = { uuid, random: () => Math.random() };

export const browserHasher: Hasher = {
  async sha256(bytes) {
    if (!crypto.subtle) return (await import('./sha256.ts')).sha256(bytes);
    const digest = await crypto.subtle.digest('SHA-256', bytes as BufferSource);
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};

export const browserNetwork: Network = {
  onOnline(run) {
    addEventListener('online', run);
    return () => removeEventListener('online', run);
  },
};

/** Without Web Locks tabs may send at the same time; the server's idempotency keeps that harmless. */
export const browserLocks: Locks = {
  exclusive: <T>(name: string, work: () => Promise<T>) =>
    navigator.locks ? (navigator.locks.request(name, work) as Promise<T>) : work(),
};
