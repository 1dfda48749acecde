/** The console's texts: what all surfaces share and its own, in the language in use. */

import { I18n } from '../../i18n/i18n.svelte.ts';
import type { ConsoleCatalog } from './zh-cn.ts';

export const texts = new I18n<ConsoleCatalog>({
  'zh-CN': () => import('./zh-cn.ts'),
  en: () => import('./en.ts'),
});

export const { t } = texts;

export type Key = keyof ConsoleCatalog & string;

/** A text for a code that came from the server, or the code itself when there is none yet. */
export function word(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  const text = t(key as 'common.close');
  return text === key ? code.replace(/_/g, ' ') : text;
}
