import { t } from '../i18n/texts.svelte.ts';
import type { Refusal } from './wire.ts';

/** Why a job stays as it is, in the dispatcher's words where there are any. */
export function refusalText({ code, detail }: Refusal): string {
  const key = `refusal.${code}`;
  const text = t(key as 'refusal.stale');
  return text === key ? detail || code : text;
}
