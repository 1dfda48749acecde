import { describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { dayInFront, inDrivingOrder, nextAction, nextJob, stateOf } from './day-order.ts';

const planned = (start: string) => ({ arrive: start, start, end: start, travel_s: 900, travel_m: 4000 });
const early = jobSheet({ id: 'early', planned: planned('2026-11-23T01:00:00Z') });
const late = jobSheet({ id: 'late', planned: planned('2026-11-23T05:00:00Z') });

describe('the order of the day', () => {
  it('follows the plan', () => {
    expect(inDrivingOrder([late, early]).map((job) => job.id)).toEqual(['early', 'late']);
  });

  it('follows the promised window where there is no plan', () => {
    const unplanned = jobSheet({ id: 'unplanned', planned: null });
    expect(inDrivingOrder([late, unplanned, early]).map((job) => job.id)).toEqual([
      'early',
      'unplanned',
      'late',
    ]);
  });

  it('puts the job underway first, whatever the plan says', () => {
    expect(nextJob([early, { ...late, status: 'on_site' }])?.id).toBe('late');
  });

  it('leaves finished and given-up jobs behind', () => {
    expect(nextJob([{ ...early, status: 'signed' }, late])?.id).toBe('late');
    expect(
      nextJob([
        { ...early, status: 'cancelled' },
        { ...late, status: 'needs_part' },
      ]),
    ).toBeNull();
  });
});

describe('the next right action', () => {
  it.each([
    ['assigned', 'accept'],
    ['accepted', 'depart'],
    ['en_route', 'arrive'],
    ['on_site', 'step'],
    ['done', 'sign'],
  ] as const)('of a job that is %s is to %s', (status, kind) => {
    expect(nextAction(jobSheet({ status }))?.kind).toBe(kind);
  });

  it.each(['signed', 'closed', 'cancelled', 'customer_absent'] as const)(
    'does not exist once it is %s',
    (status) => {
      expect(nextAction(jobSheet({ status }))).toBeNull();
    },
  );

  it('asks one required question after the other, then completes', () => {
    const on_site = jobSheet({ status: 'on_site', answers: { power: true } });
    expect(nextAction(on_site)).toMatchObject({ kind: 'step', step: { key: 'pressure' } });
    const answers = { power: true, pressure: 0, finish: 'ab' };
    expect(nextAction({ ...on_site, answers })).toEqual({ kind: 'complete' });
  });
});

describe('a box left unticked', () => {
  it('still has to be ticked', () => {
    const job = jobSheet({ status: 'on_site', answers: { power: false } });
    expect(nextAction(job)).toMatchObject({ kind: 'step', step: { key: 'power' } });
  });
});

describe('the day in front', () => {
  const today = jobSheet({ id: 'today' });
  const tomorrow = jobSheet({ id: 'tomorrow', day: '2026-11-24' });

  it('is today, with what earlier days left over', () => {
    const left = jobSheet({ id: 'left', day: '2026-11-22', status: 'accepted' });
    expect(dayInFront([tomorrow, today, left], '2026-11-23').jobs).toEqual([today, left]);
  });

  it('is the next day with work when today has none', () => {
    const later = jobSheet({ id: 'later', day: '2026-11-27' });
    expect(dayInFront([later, tomorrow], '2026-11-23')).toEqual({ day: '2026-11-24', jobs: [tomorrow] });
  });

  it('is today when there is nothing at all', () => {
    expect(dayInFront([], '2026-11-23')).toEqual({ day: '2026-11-23', jobs: [] });
  });
});

describe('a job without a promised window', () => {
  it('is never late', () => {
    const job = jobSheet({ window: null, planned: null, status: 'accepted' });
    expect(stateOf(job, Date.parse('2027-01-01T00:00:00Z'))).toBe('assigned');
  });
});

describe('lateness', () => {
  const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
  const job = jobSheet({ status: 'accepted' });

  it.each([
    ['01:00:00', 'assigned'],
    ['03:25:00', 'assigned'],
    ['03:35:00', 'at_risk'],
    ['03:50:00', 'failed'],
  ])('at %s a drive of 15 minutes to a window until 04:00 is %s', (time, state) => {
    expect(stateOf(job, at(time))).toBe(state);
  });

  it('does not haunt work that has begun', () => {
    expect(stateOf({ ...job, status: 'on_site' }, at('09:00:00'))).toBe('on_site');
  });
});
