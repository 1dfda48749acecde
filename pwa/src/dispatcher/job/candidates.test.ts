import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { ms, plannedVisit, sampleBoard, wireTechnician, wireVisit } from '../day/sample-board.ts';
import { candidates, firstFreeStart, othersAt, plannedAt } from './candidates.ts';

function day(): DayModel {
  const model = new DayModel();
  model.load(
    sampleBoard({
      technicians: [
        wireTechnician('far', { home: { lat: 40.3, lng: 116.4 } }),
        wireTechnician('near', { home: { lat: 39.911, lng: 116.41 } }),
        wireTechnician('unskilled', { skills: [] }),
        wireTechnician('busy', { home: { lat: 39.91, lng: 116.41 } }),
      ],
      visits: [plannedVisit('b', 'busy', '10:00', '12:00')],
      unassigned: [wireVisit('d')],
    }),
  );
  return model;
}

const job = (model: DayModel) => {
  const visit = model.visit('d');
  if (!visit) throw new Error('the sample has no job d');
  return visit;
};

describe('who could take a job', () => {
  it('puts those with no objection first, nearest of them on top', () => {
    const model = day();
    const names = candidates(job(model), ms('10:00'), model).map(({ technician }) => technician.id);
    expect(names.slice(0, 2)).toEqual(['near', 'far']);
    expect(names.slice(2).sort()).toEqual(['busy', 'unskilled']);
  });

  it('tells free, busy and unable apart', () => {
    const model = day();
    const others = othersAt(job(model), plannedAt(job(model), ms('10:00')), model);
    expect(others.free.map(({ technician }) => technician.id)).toEqual(['near', 'far']);
    expect([others.busy, others.unable]).toEqual([1, 1]);
  });

  it('offers the first start within the promise at which there is room', () => {
    const model = day();
    const busy = model.technician('busy');
    const near = model.technician('near');
    if (!busy || !near) throw new Error('the sample has both');
    expect(firstFreeStart(job(model), near, model)).toBe(ms('10:00'));
    expect(firstFreeStart(job(model), busy, model)).toBe(ms('12:00'));
  });

  it('offers none to somebody who cannot do it', () => {
    const model = day();
    const unskilled = model.technician('unskilled');
    if (!unskilled) throw new Error('the sample has one');
    expect(firstFreeStart(job(model), unskilled, model)).toBeNull();
  });
});
