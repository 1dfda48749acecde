import { toasts } from '../../ui/toasts.svelte.ts';
import { t } from '../i18n/texts.ts';
import type { Workday } from '../state/workday.svelte.ts';

/** Hands a text to the phone as a download. */
function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Everything only this phone has, as a file that a dispatcher can bring in. */
export async function exportUnsent(workday: Workday): Promise<void> {
  const work = await workday.export();
  saveFile(`shangmen-${work.exported_at.slice(0, 16).replace(/\D/g, '')}.json`, JSON.stringify(work));
  toasts.show(t('unsent.exported'), 'good');
}
