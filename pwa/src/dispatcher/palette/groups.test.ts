import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { grouped, rowsOf } from './groups.ts';
import type { CustomerHit, Found } from './wire.ts';

const customer: CustomerHit = {
  customer_id: 'c',
  name: '司马南',
  phone_tail: '7788',
  found_by: 'name',
  serial: null,
  product_name: null,
  product_name_en: null,
};
const found = {
  jobs: [{ job_id: 'j' }],
  technicians: [{ technician_id: 't' }],
  customers: [customer],
} as unknown as Found;

describe('what was found', () => {
  it('is walked through in the order it is shown', () => {
    const groups = grouped(rowsOf(found, COMMANDS.slice(0, 2)));
    expect(groups.map(({ kind }) => kind)).toEqual(['commands', 'technicians', 'jobs', 'customers']);
    expect(groups.flatMap(({ rows }) => rows.map(({ at }) => at))).toEqual([0, 1, 2, 3, 4]);
  });

  it('has no group without rows', () => {
    expect(grouped(rowsOf({ jobs: [], technicians: [], customers: [] }, []))).toEqual([]);
  });
});
