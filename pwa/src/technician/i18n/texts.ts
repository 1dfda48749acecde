import type { Locale } from '../../i18n/catalog.ts';
import { I18n } from '../../i18n/i18n.svelte.ts';
import type { TechnicianCatalog } from './zh-cn.ts';

export const texts = new I18n<TechnicianCatalog>({
  'zh-CN': () => import('./zh-cn.ts'),
  en: () => import('./en.ts'),
});

export const { t } = texts;

/** Shows a text that the server gives in both languages. */
export function inLanguage(text: { zh: string; en: string }, locale: Locale = texts.locale): string {
  return (locale === 'zh-CN' ? text.zh : text.en) || text.zh;
}
