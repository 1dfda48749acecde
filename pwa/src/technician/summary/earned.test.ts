import { expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { earned } from './earned.ts';

const told = {
  through: '2026-11-23',
  days: [
    { day: '2026-10-31', jobs: 2, pays_fen: 9_000 },
    { day: '2026-11-02', jobs: 1, pays_fen: 5_000 },
    { day: '2026-11-22', jobs: 2, pays_fen: 8_000 },
    { day: '2026-11-23', jobs: 1, pays_fen: 4_000 },
  ],
};

function signed(id: string, signed_at: string) {
  return jobSheet({ id, pays_fen: 6_000, acceptance: { sha256: '', signed_at, signer: '' } });
}

it('adds up the week from Monday and the month, with what only this phone knows', () => {
  // The first was signed on a day the server has told of; the second today, late in the evening of its zone.
  const jobs = [signed('1', '2026-11-23T02:00:00Z'), signed('2', '2026-11-24T15:30:00Z'), jobSheet()];
  const sums = earned(told, jobs, '2026-11-24', 'Asia/Shanghai');
  expect(sums).toMatchObject({ week_fen: 4_000 + 6_000, month_fen: 5_000 + 8_000 + 4_000 + 6_000 });
  expect(sums.days.map(({ day }) => day)).toEqual(['2026-11-24', '2026-11-23', '2026-11-22', '2026-11-02']);
});

it('counts a day the phone spent without a network', () => {
  const jobs = [signed('1', '2026-11-24T02:00:00Z'), signed('2', '2026-11-25T02:00:00Z')];
  expect(earned(told, jobs, '2026-11-25', 'Asia/Shanghai').week_fen).toBe(4_000 + 12_000);
});
