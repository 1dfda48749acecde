import { describe, expect, it } from 'vitest';
import { closestLocale, type SameKeys } from './catalog.ts';
import { I18n } from './i18n.svelte.ts';

const zh = { hello: '你好', count: (p: { n: number }) => `${p.n} 单` };
const en: SameKeys<typeof zh> = { hello: 'Hello', count: (p) => `${p.n} jobs` };

function texts() {
  return new I18n<typeof zh>({ 'zh-CN': async () => ({ default: zh }), en: async () => ({ default: en }) });
}

describe('texts', () => {
  it('say their key until they are there', () => {
    expect(texts().t('hello')).toBe('hello');
  });

  it('follow the chosen language', async () => {
    const all = texts();
    await all.use('zh-CN');
    expect([all.t('hello'), all.t('count', { n: 3 })]).toEqual(['你好', '3 单']);
    await all.use('en');
    expect([all.t('hello'), all.t('count', { n: 3 }), all.locale]).toEqual(['Hello', '3 jobs', 'en']);
  });

  it('keep the language they have when another cannot be fetched', async () => {
    const all = new I18n<typeof zh>({
      'zh-CN': async () => ({ default: zh }),
      en: () => Promise.reject(new Error('offline')),
    });
    await all.use('zh-CN');
    await expect(all.use('en')).rejects.toThrow('offline');
    expect([all.t('hello'), all.locale]).toEqual(['你好', 'zh-CN']);
  });
});

it.each([
  [['zh-TW', 'en'], 'zh-CN'],
  [['en-GB'], 'en'],
  [['de-DE', 'zh'], 'zh-CN'],
  [['de-DE'], 'en'],
  [[], 'en'],
] as const)('for %j the closest language is %s', (wanted, locale) => {
  expect(closestLocale(wanted)).toBe(locale);
});
