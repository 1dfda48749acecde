import { expect, test } from 'vitest';
import type { NewOperation } from '../../sync/operation.ts';
import { replay } from '../../sync/replay.ts';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { prepareSnapshot } from '../acceptance/snapshot.ts';
import { agreedQuotes, expectedParts, extrasFen } from './agreed.ts';
import { articlesFor, linesOf, prepareQuote } from './quote.ts';

const WORKS = [
  { code: 'DRILL', name: '打孔', name_en: 'Drilling', category: '', unit_price_fen: 6000 },
  { code: 'DOOR', name: '门改造', name_en: 'Door', category: 'smart_lock', unit_price_fen: 9000 },
];
const VAN = [
  { sku: 'PIPE', name: '铜管', name_en: 'Copper pipe', barcode: '', qty: 2, unit_price_fen: 4500 },
];
const CONTEXT = {
  quote_id: 'q1',
  technician: '王强',
  language: 'zh-CN' as const,
  prepared_at: '2026-11-23T03:00:00.000Z',
};

function quoted() {
  const job = jobSheet({ status: 'on_site' });
  const [drill, pipe] = articlesFor(job, WORKS, VAN, '');
  if (!drill || !pipe) throw new Error('nothing to choose from');
  const lines = linesOf(
    [
      { article: drill, qty: 2 },
      { article: pipe, qty: 1 },
    ],
    'zh-CN',
  );
  return { job, snapshot: prepareQuote(job, lines, CONTEXT) };
}

function answered(kind: 'agree_extra' | 'decline_extra') {
  const { job, snapshot } = quoted();
  const common = {
    id: 'op',
    job_id: job.id,
    device_at: CONTEXT.prepared_at,
    base_version: 1,
    blobs: [],
    state: 'queued' as const,
    attempts: 0,
    failure: null,
  };
  const payload = {
    quote_id: 'q1',
    snapshot,
    sha256: 'ab',
    signer: '李女士',
    strokes: [],
    signed_at: CONTEXT.prepared_at,
    text: '太贵',
  };
  const answer = { ...common, kind, payload } as NewOperation;
  return replay(job, [answer, answer]);
}

test('offers work for this product and parts of the van, found by any of their words', () => {
  const job = jobSheet();
  expect(articlesFor(job, WORKS, VAN, '').map((one) => one.code)).toEqual(['DRILL', 'PIPE']);
  expect(articlesFor(job, WORKS, VAN, 'copper').map((one) => one.code)).toEqual(['PIPE']);
});

test('a quote names its lines and adds up', () => {
  const { snapshot } = quoted();
  expect(snapshot.lines.map((line) => [line.name, line.qty, line.amount_fen])).toEqual([
    ['打孔', 2, 12000],
    ['铜管', 1, 4500],
  ]);
  expect(snapshot.total_fen).toBe(16500);
});

test('agreed work is charged once, its parts when they are used', () => {
  const job = answered('agree_extra');
  expect(agreedQuotes(job)).toHaveLength(1);
  expect(extrasFen(job)).toBe(12000);
  expect(expectedParts(job).get('PIPE')).toBe(1);
  const final = prepareSnapshot(job, CONTEXT);
  expect([final.v, final.extras_fen, final.total_fen]).toEqual([2, 12000, 24000]);
  expect(final.extras?.[0]?.quote).toBe('ab');
});

test('a declined quote is kept and charges nothing', () => {
  const job = answered('decline_extra');
  expect(job.extras?.map((one) => [one.state, one.note])).toEqual([['declined', '太贵']]);
  expect(extrasFen(job)).toBe(0);
  expect(prepareSnapshot(job, CONTEXT)).not.toHaveProperty('extras');
});
