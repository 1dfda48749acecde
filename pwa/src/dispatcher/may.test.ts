import { describe, expect, it } from 'vitest';
import { may } from './may.ts';

describe('what a role may do in the console', () => {
  it('lets a dispatcher plan and an agent import but not plan', () => {
    expect(may('dispatcher', 'plan')).toBe(true);
    expect([may('agent', 'import'), may('agent', 'plan')]).toEqual([true, false]);
  });

  it('lets a vendor’s dispatcher see the board and nothing of the office', () => {
    expect(may('vendor_dispatcher', 'board')).toBe(true);
    const office = ['plan', 'import', 'locate', 'share'] as const;
    expect(office.some((right) => may('vendor_dispatcher', right))).toBe(false);
  });

  it('shows no board to a technician, a clerk or nobody', () => {
    expect([may('technician', 'board'), may('clerk', 'board'), may(undefined, 'board')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
