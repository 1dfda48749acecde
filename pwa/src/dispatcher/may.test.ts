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

  it('lets whoever has people of their own look after them and read what is paid, an agent neither', () => {
    for (const right of ['people', 'statements'] as const) {
      expect([may('dispatcher', right), may('vendor_dispatcher', right), may('agent', right)]).toEqual([
        true,
        true,
        false,
      ]);
    }
  });

  it('shows no board to a technician, a clerk or nobody', () => {
    expect([may('technician', 'board'), may('clerk', 'board'), may(undefined, 'board')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
