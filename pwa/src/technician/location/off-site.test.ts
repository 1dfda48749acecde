import { expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { offSite_m } from './off-site.ts';

// A hundredth of a degree of latitude is 1,112 m.
const job = jobSheet();
const at = (north_deg: number, accuracy_m = 20) => ({ lat: 39.99 + north_deg, lng: 116.47, accuracy_m });

it('notices an arrival far from the address', () => {
  expect(offSite_m(job, at(0.01))).toBeCloseTo(1112 - 20, -1);
});

it('does not trust a phone further than its accuracy', () => {
  expect(offSite_m(job, at(0.01, 800))).toBeNull();
  expect(offSite_m(job, at(0.003))).toBeNull();
});

it('says nothing without both places', () => {
  expect(offSite_m(job, undefined)).toBeNull();
  expect(offSite_m(jobSheet({ place: { ...job.place, lat: null, lng: null } }), at(0.01))).toBeNull();
});
