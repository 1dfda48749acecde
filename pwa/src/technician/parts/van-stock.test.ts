import { describe, expect, it } from 'vitest';
import type { VanPart } from '../../api/types.ts';
import type { Command, Operation } from '../../sync/operation.ts';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { findParts, partWithCode, vanNow } from './van-stock.ts';

const pipe: VanPart = {
  sku: 'PIPE',
  name: '铜管',
  name_en: 'Copper pipe',
  barcode: '6901234',
  qty: 5,
  unit_price_fen: 4500,
};
const tape: VanPart = {
  sku: 'TAPE',
  name: '包扎带',
  name_en: 'Tape',
  barcode: '',
  qty: 0,
  unit_price_fen: 800,
};
const envelope = {
  seq: 1,
  id: 'op',
  job_id: 'job-1',
  device_at: '',
  base_version: 1,
  blobs: [],
  attempts: 0,
  failure: null,
};

function queued(command: Command, state: Operation['state'] = 'queued'): Operation {
  return { ...envelope, ...command, state };
}

const use = (use_id: string, qty: number): Command => ({
  kind: 'use_part',
  payload: { use_id, sku: 'PIPE', qty },
});
const putBack = (use_id: string): Command => ({ kind: 'return_part', payload: { use_id } });

function rowWith(...used: string[]) {
  const parts_used = used.map((id) => ({ id, sku: 'PIPE', name: '铜管', qty: 2, unit_price_fen: 4500 }));
  const base = jobSheet({ parts_used });
  return { id: base.id, base, local: base, is_gone: false };
}

describe('the stock of the van', () => {
  it('is less by what was used and not told yet', () => {
    expect(vanNow([pipe], [queued(use('u1', 2))], [rowWith()])[0]?.qty).toBe(3);
  });

  it('is not less twice when the server knows of it although its reply was cut', () => {
    expect(vanNow([{ ...pipe, qty: 3 }], [queued(use('u1', 2))], [rowWith('u1')])[0]?.qty).toBe(3);
  });

  it('is whole again when a part went back before anyone was told', () => {
    expect(vanNow([pipe], [queued(use('u1', 2)), queued(putBack('u1'))], [rowWith()])[0]?.qty).toBe(5);
  });

  it('grows by a part put back that the server had counted as used', () => {
    expect(vanNow([pipe], [queued(putBack('u1'))], [rowWith('u1')])[0]?.qty).toBe(7);
  });

  it('does not follow refused work', () => {
    expect(vanNow([pipe], [queued(use('u1', 2), 'rejected')], [rowWith()])[0]?.qty).toBe(5);
  });
});

describe('finding a part', () => {
  it('shows what this job expects first, and what is used up last', () => {
    const other = { ...pipe, sku: 'BOLT', name: '螺栓' };
    const found = findParts([tape, other, pipe], '', new Set(['PIPE']));
    expect(found.map((part) => part.sku)).toEqual(['PIPE', 'BOLT', 'TAPE']);
  });

  it.each([['copper'], ['铜'], ['6901234'], ['pip 铜']])('finds a part by %s', (query) => {
    expect(findParts([tape, pipe], query, new Set()).map((part) => part.sku)).toEqual(['PIPE']);
  });
});

describe('a scanned code', () => {
  const van = [
    { sku: 'PT-1', name: '铜管', name_en: 'Pipe', barcode: '690000000001', qty: 3, unit_price_fen: 1 },
    { sku: 'PT-2', name: '支架', name_en: 'Bracket', barcode: '', qty: 3, unit_price_fen: 1 },
  ];

  it.each([
    ['690000000001', 'PT-1'],
    ['0690000000001', 'PT-1'],
    [' pt-2 ', 'PT-2'],
    ['690000000009', undefined],
    ['', undefined],
  ])('%s names %s', (code, sku) => {
    expect(partWithCode(van, code)?.sku).toBe(sku);
  });
});
