import { describe, expect, it } from 'vitest';
import { objections } from './fit.ts';
import { ms, plannedVisit, wireTechnician, wireVisit } from './sample-board.ts';
import { technicianFromWire, visitFromWire } from './visit.ts';

const li = technicianFromWire(wireTechnician('li'));
const job = visitFromWire(wireVisit('d'));

const place = (start: string, end: string, technicianId = 'li') => ({
  technicianId,
  planned: { arriveMs: ms(start), startMs: ms(start), endMs: ms(end), travelS: 0, travelM: 0 },
});

describe('objections to a placement', () => {
  it('has none where skill, shift, window and the row allow it', () => {
    expect(objections(job, place('10:30', '11:30'), li, [])).toEqual([]);
  });

  it('allows a start exactly at the end of the promise and at the end of the other visit', () => {
    const other = visitFromWire(plannedVisit('x', 'li', '11:00', '12:00'));
    expect(objections(job, place('12:00', '13:00'), li, [other])).toEqual([]);
  });

  it.each([
    [
      'a missing skill',
      visitFromWire(wireVisit('d', { skill: 'tv' })),
      place('10:30', '11:30'),
      'skill_missing',
    ],
    [
      'too low a level',
      visitFromWire(wireVisit('d', { level: 3 })),
      place('10:30', '11:30'),
      'level_too_low',
    ],
    [
      'somebody who declined it before',
      visitFromWire(wireVisit('d', { refused_by: ['li'] })),
      place('10:30', '11:30'),
      'refused_before',
    ],
    ['a start after the promise', job, place('12:20', '13:20'), 'window_missed'],
    ['a start before the promise', job, place('09:20', '10:20'), 'too_early'],
    [
      'work after the shift',
      visitFromWire(wireVisit('d', { window: null })),
      place('17:30', '18:30'),
      'after_shift',
    ],
    [
      'work before the shift',
      visitFromWire(wireVisit('d', { window: null })),
      place('08:30', '09:30'),
      'before_shift',
    ],
    [
      'work that has begun',
      visitFromWire(wireVisit('d', { status: 'on_site' })),
      place('10:30', '11:30'),
      'already_begun',
    ],
  ])('names %s', (_name, visit, placement, code) => {
    expect(objections(visit, placement, li, []).map((objection) => objection.code)).toEqual([code]);
  });

  it('says by how many minutes the promise is missed', () => {
    expect(objections(job, place('12:20', '13:20'), li, [])).toEqual([
      { code: 'window_missed', minutes: 20 },
    ]);
  });

  it('names the visit it would overlap, and not itself', () => {
    const other = visitFromWire(plannedVisit('x', 'li', '11:00', '12:00'));
    const itself = visitFromWire(plannedVisit('d', 'li', '10:30', '11:30'));
    expect(objections(job, place('10:30', '11:30'), li, [other, itself])).toEqual([
      { code: 'overlaps', number: 'J-x' },
    ]);
  });

  it('respects both locks', () => {
    const locked = visitFromWire({
      ...plannedVisit('d', 'wang', '10:00', '11:00'),
      lock: { technician: true, time: true },
    });
    const codes = objections(locked, place('10:30', '11:30'), li, []).map((objection) => objection.code);
    expect(codes).toEqual(['technician_locked', 'time_locked']);
  });

  it('asks nothing of skills and shifts when the job goes back to nobody', () => {
    expect(objections(job, { technicianId: null, planned: null }, null, [])).toEqual([]);
  });
});
