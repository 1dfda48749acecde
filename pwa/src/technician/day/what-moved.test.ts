import { describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { whatMoved } from './what-moved.ts';

const planned = (start: string) => ({
  arrive: `2026-11-23T${start}:00Z`,
  start: `2026-11-23T${start}:00Z`,
  end: '2026-11-23T09:00:00Z',
  travel_s: 0,
  travel_m: 0,
});
const job = jobSheet({ status: 'accepted', planned: planned('02:00') });
const kinds = (before: (typeof job)[], after: (typeof job)[]) =>
  whatMoved(before, after).map(({ kind }) => kind);

describe('what a published plan changes for a technician', () => {
  it('is a job with another time, day or promise', () => {
    expect(kinds([job], [{ ...job, planned: planned('03:00') }])).toEqual(['moved']);
    expect(kinds([job], [{ ...job, day: '2026-11-24' }])).toEqual(['moved']);
    const window = { start: '2026-11-23T05:00:00Z', end: '2026-11-23T07:00:00Z' };
    expect(kinds([job], [{ ...job, window }])).toEqual(['moved']);
  });

  it('is a job that came or went', () => {
    expect(kinds([], [job])).toEqual(['added']);
    expect(kinds([job], [])).toEqual(['removed']);
    expect(kinds([{ ...job, status: 'needs_part' }], [job])).toEqual(['added']);
  });

  it('is not a few minutes of traffic', () => {
    expect(kinds([job], [{ ...job, planned: planned('02:04') }])).toEqual([]);
  });

  it('is not what the technician did', () => {
    expect(kinds([job], [{ ...job, status: 'en_route' }])).toEqual([]);
    expect(kinds([{ ...job, status: 'declined' }], [])).toEqual([]);
    expect(kinds([{ ...job, status: 'signed' }], [])).toEqual([]);
  });
});
