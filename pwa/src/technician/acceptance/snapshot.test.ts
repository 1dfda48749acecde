import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JobSheet } from '../../api/types.ts';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { canonicalJson } from './canonical-json.ts';
import { answerText, asCanonical, prepareSnapshot } from './snapshot.ts';

const context = { technician: '王强', language: 'zh-CN', prepared_at: '2026-11-23T03:00:00.000Z' } as const;

const finished: JobSheet = jobSheet({
  status: 'done',
  answers: { pressure: 0.85, power: true },
  parts_used: [
    { id: 'u1', sku: 'PIPE', name: '铜管', qty: 3, unit_price_fen: 4500 },
    { id: 'u2', sku: 'TAPE', name: '包扎带', qty: 1, unit_price_fen: 800 },
  ],
});

describe('canonical JSON', () => {
  it('sorts keys at every depth and uses no spaces', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: '上门' })).toBe('{"a":"上门","b":[{"c":null,"d":1}]}');
  });

  it('sorts by code point, where UTF-16 order would differ', () => {
    expect(canonicalJson({ '\u{1f600}': 1, '\uff5e': 2 })).toBe('{"\uff5e":2,"\u{1f600}":1}');
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %d', (value) => {
    expect(() => canonicalJson([value])).toThrow(RangeError);
  });
});

describe('the snapshot a customer signs', () => {
  it('adds labour and parts in whole fen', () => {
    expect(prepareSnapshot(finished, context)).toMatchObject({
      labour_fen: 12000,
      parts_fen: 14300,
      total_fen: 26300,
    });
  });

  it('lists answered steps in the order of the checklist, figures as text', () => {
    expect(prepareSnapshot(finished, context).work).toEqual([
      { key: 'power', title: '已断电', value: '是' },
      { key: 'pressure', title: '压力', value: '0.85 MPa' },
    ]);
  });

  it('speaks the language the customer read', () => {
    const english = prepareSnapshot(finished, { ...context, language: 'en' });
    expect(english).toMatchObject({ language: 'en', product: 'Wall air conditioner' });
    expect(english.work[0]).toMatchObject({ title: 'Power is off', value: 'Yes' });
  });

  it('names parts in its language where the phone knows their names', () => {
    const partName = (sku: string) => (sku === 'PIPE' ? 'Copper pipe' : null);
    const english = prepareSnapshot(finished, { ...context, language: 'en', partName });
    expect(english.parts.map((part) => part.name)).toEqual(['Copper pipe', '包扎带']);
  });

  it('names in Chinese what has no English words', () => {
    const product = { ...finished.product, name_en: '' };
    const checklist = finished.checklist.map((step) => ({ ...step, title: { ...step.title, en: '' } }));
    const english = prepareSnapshot({ ...finished, product, checklist }, { ...context, language: 'en' });
    expect(english.product).toBe('壁挂空调 1.5 匹');
    expect(english.work[0]).toMatchObject({ title: '已断电', value: 'Yes' });
  });

  it('has one hash, whatever order its parts were built in', () => {
    const snapshot = asCanonical(prepareSnapshot(finished, context)) as Record<string, never>;
    const backwards = Object.fromEntries(Object.entries(snapshot).reverse());
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(hash(canonicalJson(backwards))).toBe(hash(canonicalJson(snapshot)));
  });
});

it('shows a choice by its words', () => {
  const step = { key: 'wall', kind: 'choice', title: { zh: '墙体', en: 'Wall' }, required: true } as const;
  const choices = [{ value: 'brick', zh: '砖墙', en: 'Brick' }];
  expect(answerText({ ...step, choices }, 'brick', 'zh-CN')).toBe('砖墙');
  expect(answerText({ ...step, choices }, 'brick', 'en')).toBe('Brick');
});
