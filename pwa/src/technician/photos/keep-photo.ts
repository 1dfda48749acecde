import type { JobSheet } from '../../api/types.ts';
import type { Command } from '../../sync/operation.ts';
import { keep } from '../job/job-actions.ts';
import type { Workday } from '../state/workday.svelte.ts';
import type { Photo } from './downscale.ts';

/** Keeps a photo, and for a checklist step also its answer: the photo's hash. */
export async function keepPhoto(
  workday: Workday,
  job: JobSheet,
  photo: Photo,
  kind: 'before' | 'after' | 'evidence',
  step: string | null,
): Promise<boolean> {
  const sha256 = await workday.hash(photo.bytes);
  const { width, height, bytes, media_type } = photo;
  const taken_at = new Date().toISOString();
  const commands: Command[] = [{ kind: 'photo', payload: { sha256, step, kind, taken_at, width, height } }];
  if (step) commands.push({ kind: 'answer', payload: { step, value: sha256 } });
  return keep(workday, job.id, commands, [{ bytes, media_type }]);
}
