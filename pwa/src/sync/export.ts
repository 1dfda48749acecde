import type { Operation } from './operation.ts';
import type { Clock, Quarantined, SyncStore, TimedPosition } from './ports.ts';
import { readQueue } from './queue.ts';

export interface ExportedFile {
  sha256: string;
  media_type: string;
  base64: string;
}

/** Everything that only this phone has, as one file that can be handed over by any other means. */
export interface ExportedWork {
  format: 'shangmen-unsent-work';
  v: 1;
  exported_at: string;
  technician: { id: string; name: string } | null;
  operations: Operation[];
  quarantined: Quarantined[];
  positions: TimedPosition[];
  files: ExportedFile[];
}

const CHUNK = 0x8000;
/** The most rows an IndexedDB request may ask for. */
const ALL = 2 ** 32 - 1;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

export async function exportWork(store: SyncStore, clock: Clock): Promise<ExportedWork> {
  const exported_at = new Date(clock.now()).toISOString();
  return store.transact(async (tx) => {
    const operations = await readQueue(tx, exported_at);
    const quarantined = await tx.quarantined();
    const me = await tx.meta('me');
    const wanted = JSON.stringify([operations, quarantined]);
    const files: ExportedFile[] = [];
    for (const sha256 of await tx.blobKeys()) {
      const blob = wanted.includes(sha256) ? await tx.blob(sha256) : undefined;
      if (blob) files.push({ sha256, media_type: blob.media_type, base64: base64(blob.bytes) });
    }
    const technician = me ? { id: me.technician_id, name: me.name } : null;
    const positions = await tx.positions(ALL);
    return {
      format: 'shangmen-unsent-work',
      v: 1,
      exported_at,
      technician,
      operations,
      quarantined,
      positions,
      files,
    };
  });
}
