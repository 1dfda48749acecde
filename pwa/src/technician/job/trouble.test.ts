import { expect, it } from 'vitest';
import { troubleCommand } from './trouble.ts';

const details = { text: '敲门无人', sku: 'PT-1', qty: 2, sha256: 'ab' };

it('proves an absent customer by the picture of the door, when there is one', () => {
  const payload = { text: '敲门无人', sha256: 'ab' };
  expect(troubleCommand('report_absent', details)).toEqual({ kind: 'report_absent', payload });
  const bare = troubleCommand('report_absent', { ...details, sha256: null });
  expect(bare).toEqual({ kind: 'report_absent', payload: { text: '敲门无人' } });
});

it.each([
  [2, 2],
  [0, 1],
  [Number.NaN, 1],
  [2.4, 2],
  [500, 99],
])('asks for %d pieces as %d', (qty, asked) => {
  expect(troubleCommand('need_part', { ...details, qty }).payload).toMatchObject({ sku: 'PT-1', qty: asked });
});

it('says no more than why for the rest', () => {
  expect(troubleCommand('take_to_workshop', details).payload).toEqual({ text: '敲门无人' });
  expect(troubleCommand('reject_work', details).payload).toEqual({ text: '敲门无人' });
});
