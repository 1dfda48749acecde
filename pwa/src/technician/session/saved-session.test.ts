import { expect, it } from 'vitest';
import type { SessionUser } from '../../api/types.ts';
import { parseUser, preferredLanguage } from './saved-session.ts';

const user = { id: 'u1', name: '王强', zone: 'Asia/Shanghai', locale: 'zh-CN' };

it('remembers who works on this phone', () => {
  expect(parseUser(JSON.stringify(user))).toEqual(user);
});

it.each([null, '', '{"id":"u1"', 'null', '{"id":"u1"}', '[]'])('does not trip over %j', (text) => {
  expect(parseUser(text)).toBeNull();
});

it.each([
  [['en-GB', 'en'], 'en'],
  [['zh-TW'], 'zh-CN'],
  [['fr-FR'], 'zh-CN'],
] as const)('on a phone that speaks %j the app speaks %s', (phone, locale) => {
  expect(preferredLanguage({ ...user, locale: 'zh-CN' } as SessionUser, phone)).toBe(locale);
});

it('asks the person where the phone speaks no language of ours', () => {
  expect(preferredLanguage({ ...user, locale: 'en' } as SessionUser, ['fr-FR'])).toBe('en');
});
