import type { JobSheet } from '../../api/types.ts';
import type { Command } from '../../sync/operation.ts';
import { keep } from '../job/job-actions.ts';
import type { Workday } from '../state/workday.svelte.ts';
import type { Photo } from './downscale.ts';

/** Keeps a photo, taken for a checklist step or for itself. */
export async function keepPhoto(
  workday: Workday,
  job: JobSheet,
  photo: Photo,
  kind: 'before' | 'after' | 'evidence',
  step: string | null,
): Promise<boolean> {
  const sha256 = await workday.hash(photo.bytes);
  const { width, height, bytes, media_type } = photo;
  const taken_at = workday.timestamp();
  const command: Command = { kind: 'photo', payload: { sha256, step, kind, taken_at, width, height } };
  return keep(workday, job.id, [command], [{ bytes, media_type }]);
}
