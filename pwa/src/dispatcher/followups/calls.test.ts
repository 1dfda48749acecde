import { describe, expect, it } from 'vitest';
import type { FollowUp, Task } from '../messages/wire.ts';
import { callsOf, MOST_CALLS } from './calls.ts';

const task = (id: string, due_at: string, kind = 'unanswered', detail = ''): Task => ({
  id,
  kind,
  detail,
  due_at,
  is_overdue: false,
  job_id: 'j',
  job_number: 'J1',
  customer_name: '赵女士',
  phone: '+8615400000000',
});

const rated = (id: string, due_at: string): FollowUp => ({
  id,
  due_at,
  is_overdue: true,
  job_id: 'j',
  job_number: 'J2',
  is_escalated: true,
  answered_at: null,
  answered_by: '',
  text: '',
  rating: { stars: 2, text: '没修好' },
});

describe('calls to make', () => {
  it('puts tasks and low ratings into one list, the most urgent first', () => {
    const calls = callsOf([task('a', '2026-11-24T02:00:00Z')], [rated('b', '2026-11-24T01:00:00Z')]);
    expect(calls.map(({ key, isTask }) => [key, isTask])).toEqual([
      ['complaint b', false],
      ['task a', true],
    ]);
  });

  it('says which message did not arrive and how many stars were given', () => {
    const [late, low] = callsOf([task('a', '1', 'undelivered', 'booked')], [rated('b', '2')]);
    expect(late?.why()).toContain('预约成功');
    expect(low?.why()).toContain('2');
    expect(low?.text).toBe('没修好');
    expect(low?.step).toEqual({ isAnswered: false, answeredBy: '', isEscalated: true });
  });

  it('end where more urgent ones may be missing', () => {
    const many = Array.from({ length: MOST_CALLS }, (_, index) =>
      task(`t${index}`, `2026-11-24T00:${String(index % 60).padStart(2, '0')}:00Z`),
    );
    const calls = callsOf(many, [
      rated('first', '2026-11-23T00:00:00Z'),
      rated('last', '2026-11-26T00:00:00Z'),
    ]);
    expect(calls).toHaveLength(MOST_CALLS);
    expect(calls[0]?.id).toBe('first');
    expect(calls.some(({ id }) => id === 'last')).toBe(false);
    expect(callsOf(many.slice(1), [rated('last', '2026-11-26T00:00:00Z')]).at(-1)?.id).toBe('last');
  });
});
