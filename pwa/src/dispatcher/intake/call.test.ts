import { describe, expect, it } from 'vitest';
import { PhoneCall } from './call.svelte.ts';
import type { Caller, IntakeApi, Product } from './wire.ts';

const api = { duplicate: async () => null } as unknown as IntakeApi;
const products = [{ sku: 'WM-8' }, { sku: 'WH-60' }] as unknown as Product[];
const zhao = {
  customer_id: 'c',
  name: '赵女士',
  phone: '***0000',
  addresses: ['望京西园四区*号楼'],
  appliances: [
    { sku: 'OLD', serial: 'O-1' },
    { sku: 'WM-8', serial: 'S-1' },
    { sku: 'WH-60', serial: 'S-2' },
  ],
  open_jobs: [],
} as unknown as Caller;

describe('a customer found elsewhere', () => {
  it('is filled in, with the appliance they were found by', () => {
    const call = new PhoneCall(api);
    call.found(zhao, products, 'S-2');
    expect([call.name, call.address, call.sku, call.serial]).toEqual([
      '赵女士',
      '望京西园四区*号楼',
      'WH-60',
      'S-2',
    ]);
    expect(call.caller?.customer_id).toBe('c');
  });

  it('has the first appliance that is served when found by name', () => {
    const call = new PhoneCall(api);
    call.found(zhao, products, '');
    expect([call.sku, call.serial]).toEqual(['WM-8', 'S-1']);
  });

  it('is offered, not filled in, where something was typed already', () => {
    const call = new PhoneCall(api);
    call.name = '钱先生';
    call.found(zhao, products, '');
    expect([call.name, call.caller, call.callers?.length]).toEqual(['钱先生', null, 1]);
  });
});
