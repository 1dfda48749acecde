import { expect, test } from 'vitest';
import { readNotice } from './push-notice.ts';

test('shows what the server says and leads into the app only', () => {
  const notice = { title: '安排有变', body: 'J1 改到 10:00', url: '/technician/#/today', topic: 'plan' };
  expect(readNotice(JSON.stringify(notice))).toEqual({ ...notice, isQuiet: false });
  expect(readNotice(JSON.stringify({ ...notice, quiet: true }))?.isQuiet).toBe(true);
  expect(readNotice(JSON.stringify({ ...notice, url: 'https://elsewhere.example' }))?.url).toBe(
    '/technician/',
  );
});

test.each([undefined, '', 'no json', '{"title":1}', 'null'])('shows nothing of %s', (text) => {
  expect(readNotice(text)).toBeNull();
});
