import { describe, expect, it } from 'vitest';
import { ZoneClock } from '../day/zone-clock.ts';
import { sameHours } from './carried.ts';
import { type Around, verdictOf } from './verdict.ts';
import { carried, MONDAY, opening, openings, TUESDAY, tuesday } from './week-samples.ts';

const clock = new ZoneClock('Asia/Shanghai');
const around: Around = {
  today: MONDAY,
  skills: new Map([['heater', 3]]),
  isOff: false,
  sameHours: sameHours(carried, TUESDAY, clock),
  answer: openings(opening('li', 8, 3000), opening('li', 10, 4000), opening('wang', 10, 1)),
  choice: null,
};
const li = { technicianId: 'li', day: TUESDAY };

describe('putting a visit into a cell of the week', () => {
  it('keeps the promised hours on the other day, as the wall clock shows them', () => {
    expect(around.sameHours).toEqual({ startMs: Date.parse(tuesday(10)), endMs: Date.parse(tuesday(12)) });
    const london = new ZoneClock('Europe/London');
    const before = {
      ...carried,
      day: '2026-10-24',
      window: { startMs: Date.UTC(2026, 9, 24, 9), endMs: Date.UTC(2026, 9, 24, 11) },
    };
    expect(sameHours(before, '2026-10-25', london).startMs).toBe(Date.UTC(2026, 9, 25, 10));
  });

  it('proposes the hours promised now, though others are cheaper', () => {
    const verdict = verdictOf(carried, li, around);
    expect(verdict).toMatchObject({
      kind: 'fits',
      chosen: { price_fen: 4000 },
      openings: [{ price_fen: 3000 }, { price_fen: 4000 }],
    });
  });

  it('tells windows apart that begin together', () => {
    const whole = { window: { start: tuesday(10), end: tuesday(16) } };
    const answer = openings(opening('li', 10, 900, whole), opening('li', 10, 1000));
    expect(verdictOf(carried, li, { ...around, answer })).toMatchObject({ chosen: { price_fen: 1000 } });
  });

  it('takes the opening that was chosen, and the cheapest where the hours cannot be kept', () => {
    expect(verdictOf(carried, li, { ...around, choice: 0 })).toMatchObject({ chosen: { price_fen: 3000 } });
    const answer = openings(opening('li', 14, 5000), opening('li', 16, 2000));
    expect(verdictOf(carried, li, { ...around, answer })).toMatchObject({ chosen: { price_fen: 2000 } });
  });

  it.each([
    [{ lockTime: true }, {}, 'time_locked'],
    [{ lockTechnician: true }, {}, 'technician_locked'],
    [{}, { today: '2026-11-25' }, 'past'],
    [{}, { skills: new Map() }, 'skill_missing'],
    [{}, { skills: new Map([['heater', 1]]) }, 'level_too_low'],
    [{}, { isOff: true }, 'day_off'],
    [{}, { answer: openings() }, 'no_room'],
    [{}, { answer: openings(opening('wang', 10, 1)) }, 'no_place'],
  ] as const)('refuses %j with %j: %s', (more, there, code) => {
    const verdict = verdictOf({ ...carried, ...more }, li, { ...around, ...there });
    expect(verdict).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  it('leaves it with nobody at the same hours, unless its technician is locked', () => {
    const nobody = { technicianId: null, day: TUESDAY };
    expect(verdictOf(carried, nobody, around)).toEqual({ kind: 'nobody', window: around.sameHours });
    expect(verdictOf({ ...carried, lockTechnician: true }, nobody, around)).toMatchObject({
      kind: 'refused',
    });
  });

  it('says where it is already, and what is not known yet', () => {
    expect(verdictOf(carried, { technicianId: 'wang', day: MONDAY }, around)).toEqual({ kind: 'here' });
    expect(verdictOf(carried, li, { ...around, answer: undefined })).toEqual({ kind: 'asking' });
    expect(verdictOf(carried, li, { ...around, answer: 'failed' })).toEqual({ kind: 'failed' });
  });
});
