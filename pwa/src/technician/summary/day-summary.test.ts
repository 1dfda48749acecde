import { describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { jobsOfDay, summarise } from './day-summary.ts';

const signedAt = (time: string) => ({ sha256: 'a', signed_at: `2026-11-23T${time}:00Z`, signer: '李女士' });
const parts_used = [{ id: 'u', sku: 'PIPE', name: '铜管', qty: 2, unit_price_fen: 4500 }];

describe('the day in figures', () => {
  const jobs = [
    jobSheet({ id: '1', status: 'signed', acceptance: signedAt('03:30'), parts_used, pays_fen: 8000 }),
    jobSheet({ id: '2', status: 'signed', acceptance: signedAt('06:00'), pays_fen: 6000 }),
    jobSheet({ id: '3', status: 'needs_part', pays_fen: 6000 }),
    jobSheet({ id: '4', status: 'accepted', pays_fen: 5000 }),
  ];

  it('counts what is finished, signed and left', () => {
    expect(summarise(jobs)).toMatchObject({ jobs: 4, finished: 3, signed: 2, unfinished: 1, on_time: 1 });
  });

  it('adds up what customers pay and what the tariff pays', () => {
    expect(summarise(jobs)).toMatchObject({
      collected_fen: 12000 + 9000 + 12000,
      earned_fen: 14000,
      open_fen: 5000,
    });
  });

  it('speaks of no earnings to those who are not paid by tariff', () => {
    const own = jobs.map((job) => ({ ...job, pays_fen: null }));
    expect(summarise(own)).toMatchObject({ earned_fen: null, open_fen: null });
  });

  it('is empty on an empty day', () => {
    expect(summarise([])).toMatchObject({ jobs: 0, planned_m: 0, collected_fen: 0 });
  });
});

it('work of another day that was signed today counts today', () => {
  const signed_at = '2026-11-23T09:00:00Z';
  const early = jobSheet({
    id: 'early',
    day: '2026-11-24',
    status: 'signed',
    acceptance: { sha256: '', signed_at, signer: '李女士' },
    pays_fen: 8000,
  });
  const later = {
    ...early,
    id: 'later',
    acceptance: { sha256: '', signed_at: '2026-11-24T09:00:00Z', signer: '' },
  };
  const jobs = jobsOfDay({ day: '2026-11-23', jobs: [] }, [early, later], 'Asia/Shanghai');
  expect(jobs.map((job) => job.id)).toEqual(['early']);
  expect(summarise(jobs).earned_fen).toBe(8000);
});
