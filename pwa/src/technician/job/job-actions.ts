import type { JobSheet } from '../../api/types.ts';
import { distance } from '../../i18n/format.ts';
import type { Command } from '../../sync/operation.ts';
import type { FileToSend } from '../../sync/outbox.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { agreedQuotes } from '../extras/agreed.ts';
import { t } from '../i18n/texts.ts';
import { offSite_m } from '../location/off-site.ts';
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

function command(workday: Workday, job: JobSheet, kind: SimpleAction): Command {
  if (kind === 'accept') return { kind, payload: {} };
  if (kind === 'complete') {
    const extras = agreedQuotes(job).map((quote) => quote.id);
    return { kind, payload: extras.length > 0 ? { extras } : {} };
  }
  return { kind, payload: workday.location.recent(workday.serverNow()) };
}

/** One tap, one step forward. An arrival far from the address is said and recorded, never refused. */
export async function advance(workday: Workday, job: JobSheet, kind: SimpleAction): Promise<boolean> {
  const step = command(workday, job, kind);
  const isKept = await keep(workday, job.id, [step]);
  const away_m = isKept && step.kind === 'arrive' ? offSite_m(job, step.payload.position) : null;
  if (away_m !== null) toasts.show(t('job.off_site', { distance: distance(away_m) }));
  return isKept;
}
