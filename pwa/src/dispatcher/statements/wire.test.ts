import { expect, it } from 'vitest';
import { Http } from '../../api/http.ts';
import { StatementsApi } from './wire.ts';

it('reads a month of several parts to its end, in order, and tells how far it is', async () => {
  const parts = [
    { items: [{ id: 'a' }, { id: 'b' }], next: 'b' },
    { items: [{ id: 'c' }], next: null },
  ];
  const asked: string[] = [];
  const http = new Http(async (url) => {
    asked.push(String(url));
    return Response.json({ summary: { visits: 3 }, lines: parts[asked.length - 1] });
  });
  const told: number[][] = [];
  const { lines } = await new StatementsApi(http).whole('2026-11', 'v', (...each) => told.push(each));
  expect(lines.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([
    '/api/statements/2026-11/v?limit=500',
    '/api/statements/2026-11/v?after=b&limit=500',
  ]);
  expect(told).toEqual([[2, 3]]);
});
