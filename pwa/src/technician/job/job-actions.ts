import type { JobSheet } from '../../api/types.ts';
import type { Command } from '../../sync/operation.ts';
import type { FileToSend } from '../../sync/outbox.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { t } from '../i18n/texts.ts';
import type { Workday } from '../state/workday.svelte.ts';

/** Keeps the work and says so when the phone could not. True when it is safe. */
export async function keep(
  workday: Workday,
  job_id: string,
  commands: Command[],
  files: FileToSend[] = [],
): Promise<boolean> {
  try {
    await workday.work(job_id, commands, files);
    return true;
  } catch {
    // Whatever the store's reason, nothing was written and the technician must know before going on.
    toasts.show(t('app.not_saved'), 'bad');
    return false;
  }
}

type SimpleAction = 'accept' | 'depart' | 'arrive' | 'complete';

function command(workday: Workday, kind: SimpleAction): Command {
  if (kind === 'accept' || kind === 'complete') return { kind, payload: {} };
  return { kind, payload: workday.location.recent(workday.serverNow()) };
}

/** One tap, one step forward. */
export function advance(workday: Workday, job: JobSheet, kind: SimpleAction): Promise<boolean> {
  return keep(workday, job.id, [command(workday, kind)]);
}
