import type { Timestamp } from '../api/types.ts';
import { type Operation, unreadable } from './operation.ts';
import type { JobRow, StoreTransaction } from './ports.ts';
import { replay } from './replay.ts';

/** Every readable operation in order. Entries that cannot be read are set aside, never dropped. */
export async function readQueue(tx: StoreTransaction, now: Timestamp): Promise<Operation[]> {
  const readable: Operation[] = [];
  for (const entry of await tx.operations()) {
    const reason = unreadable(entry);
    if (reason === null) readable.push(entry as Operation);
    else await setAside(tx, entry, reason, now);
  }
  return readable;
}

async function setAside(
  tx: StoreTransaction,
  entry: unknown,
  reason: string,
  found_at: Timestamp,
): Promise<void> {
  const key = `${found_at}-${(await tx.quarantined()).length}`;
  await tx.putQuarantined({ key, reason, found_at, entry });
  await tx.deleteEntry(entry);
}

function filesOf(row: JobRow): string[] {
  const answers = row.local.checklist
    .filter((step) => step.kind === 'photo')
    .map((step) => String(row.local.answers[step.key] ?? ''));
  return [...row.local.photos.map((photo) => photo.sha256), ...answers];
}

/** Deletes files that no operation, no job and no quarantined entry refers to any more. */
export async function dropUnusedBlobs(tx: StoreTransaction, candidates: readonly string[]): Promise<void> {
  if (candidates.length === 0) return;
  const entries = [...(await tx.operations()), ...(await tx.quarantined()).map((item) => item.entry)];
  const used = new Set((await tx.jobs()).flatMap(filesOf));
  const asText = JSON.stringify(entries);
  for (const sha256 of new Set(candidates)) {
    if (!used.has(sha256) && !asText.includes(sha256)) await tx.deleteBlob(sha256);
  }
}

/** Writes what the technician sees: the server's job with the queued work on top. */
export async function refreshLocal(
  tx: StoreTransaction,
  row: JobRow,
  queue: readonly Operation[],
): Promise<void> {
  await tx.putJob({ ...row, local: replay(row.base, queue) });
}
