/** What went wrong, in the dispatcher's words; the server's own where it speaks both languages. */

import { ApiError, NetworkError } from '../api/problem.ts';
import { t, texts } from './i18n/texts.svelte.ts';

export function explainError(error: unknown): string {
  if (error instanceof NetworkError) return t('error.no_network');
  if (!(error instanceof ApiError)) return t('error.unexpected');
  const own = error.problem.message as { zh?: string; en?: string } | undefined;
  const said = texts.locale === 'en' ? own?.en : own?.zh;
  if (said) return said;
  const key = `error.${error.code}`;
  const text = t(key as 'error.stale');
  if (text !== key) return text;
  if (error.status >= 500) return t('error.server');
  return error.problem.detail ?? error.problem.title ?? t('error.unexpected');
}

/** The same where something was only to be shown: there was nothing to save. */
export function explainFailedRead(error: unknown): string {
  if (error instanceof NetworkError) return t('error.not_loaded');
  return error instanceof ApiError ? explainError(error) : t('error.unexpected_read');
}
