import { expect, it } from 'vitest';
import { parseUser } from './saved-session.ts';

const user = { id: 'u1', name: '王强', zone: 'Asia/Shanghai', locale: 'zh-CN' };

it('remembers who works on this phone', () => {
  expect(parseUser(JSON.stringify(user))).toEqual(user);
});

it.each([null, '', '{"id":"u1"', 'null', '{"id":"u1"}', '[]'])('does not trip over %j', (text) => {
  expect(parseUser(text)).toBeNull();
});
