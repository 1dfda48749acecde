import { describe, expect, it, vi } from 'vitest';
import { DayModel } from './day-model.ts';
import { tallyOf } from './lists.ts';
import { at, ms, plannedVisit, sampleBoard, wireTechnician, wireVisit } from './sample-board.ts';

function loaded(): DayModel {
  const day = new DayModel();
  day.load(sampleBoard());
  return day;
}

const placedAt = (technicianId: string, start: string, end: string) => ({
  technicianId,
  planned: { arriveMs: ms(start), startMs: ms(start), endMs: ms(end), travelS: 0, travelM: 0 },
});

const ids = (visits: readonly { jobId: string }[]): string[] => visits.map((visit) => visit.jobId);

describe('a day loaded from the server', () => {
  it('lists each technician’s visits in order of time and the rest as unassigned', () => {
    const day = loaded();
    expect(ids(day.row('li'))).toEqual(['a', 'b']);
    expect(ids(day.unassigned())).toEqual(['d']);
  });

  it('reports nothing when the same board comes again', () => {
    const changes = loaded().load(sampleBoard());
    expect(changes).toEqual({ jobs: new Set(), rows: new Set(), technicians: false });
  });

  it('takes visits that say the same as known for those that are known, and others as they are told', async () => {
    const day = loaded();
    const [known, told] = [
      day.visit('a'),
      sampleBoard({ visits: [plannedVisit('a', 'li', '10:00', '11:00')] }),
    ];
    const changed = sampleBoard({ visits: [plannedVisit('a', 'wang', '10:00', '11:00')] });
    const between = async () => undefined;
    expect((await day.withKnown(told, between)).visits[0]).toBe(known);
    expect((await day.withKnown(changed, between)).visits).toEqual(changed.visits);
    expect(day.visit('a')).toBe(known);
  });

  it('keeps what is known of technicians of whom the same is told, and not of those who moved since', () => {
    const day = loaded();
    const [li, wang] = day.technicians;
    const position = { lat: 39.95, lng: 116.5, at: '2026-11-23T02:00:00Z', accuracy_m: 9 };
    const part = {
      now: at('10:00'),
      visits: [],
      unassigned: [],
      positions: [{ technician_id: 'li', position }],
    };
    day.merge(part, { jobIds: new Set(), technicianIds: new Set() });
    day.load(sampleBoard());
    expect(day.technician('wang')).toBe(wang);
    expect(day.technician('li')).toEqual(li);
  });

  it('keeps the rows that nothing happened to', () => {
    const day = loaded();
    const [li, wang] = [day.row('li'), day.row('wang')];
    day.move('a', placedAt('li', '16:00', '17:00'));
    expect(ids(day.row('li'))).toEqual(['b', 'a']);
    expect(day.row('li')).not.toBe(li);
    expect(day.row('wang')).toBe(wang);
  });

  it('reports only the job that moved and both rows it concerns', () => {
    const day = loaded();
    const moved = plannedVisit('a', 'wang', '15:00', '16:00');
    const next = sampleBoard({
      visits: [moved, plannedVisit('b', 'li', '14:00', '15:00'), plannedVisit('c', 'wang', '10:30', '11:30')],
    });
    const changes = day.load(next);
    expect([...changes.jobs]).toEqual(['a']);
    expect([...changes.rows].sort()).toEqual(['li', 'wang']);
    expect(ids(day.row('wang'))).toEqual(['c', 'a']);
  });

  it('reports a job that left the day', () => {
    const day = loaded();
    const changes = day.load(sampleBoard({ unassigned: [] }));
    expect([...changes.jobs]).toEqual(['d']);
    expect(day.visit('d')).toBeNull();
  });

  it('tells a new technician from a new position of a known one', () => {
    const day = loaded();
    const moved = wireTechnician('li', {
      position: { lat: 39.9, lng: 116.4, at: '2026-11-23T02:00:00Z', accuracy_m: 9 },
    });
    expect(day.load(sampleBoard({ technicians: [moved, wireTechnician('wang')] })).technicians).toBe(false);
    expect(day.load(sampleBoard({ technicians: [moved] })).technicians).toBe(true);
  });

  it('counts by state and leaves cancelled visits out', () => {
    const day = new DayModel();
    day.load(
      sampleBoard({
        visits: [
          plannedVisit('a', 'li', '10:00', '11:00'),
          { ...plannedVisit('b', 'li', '14:00', '15:00'), status: 'cancelled' },
          { ...plannedVisit('c', 'wang', '10:30', '11:30'), status: 'declined' },
        ],
      }),
    );
    const tally = tallyOf(day.visits(), null);
    expect(tally.states).toMatchObject({ assigned: 1, failed: 1, booked: 1 });
    expect(tally).toMatchObject({ unassigned: 1, offers: 1, parts: 0 });
    expect(tallyOf(day.visits(), ({ jobId }) => jobId !== 'a')).toMatchObject({ unassigned: 1, offers: 0 });
  });
});

describe('a move shown before the server agrees', () => {
  it('appears in the new row at once and tells both rows', () => {
    const day = loaded();
    const heard = vi.fn();
    day.subscribe(heard);
    day.move('a', placedAt('wang', '15:00', '16:00'));
    expect(ids(day.row('li'))).toEqual(['b']);
    expect(ids(day.row('wang'))).toEqual(['c', 'a']);
    expect(Array.from(heard.mock.calls[0]?.[0].rows ?? []).sort()).toEqual(['li', 'wang']);
  });

  it('wins over a refetch that was under way', () => {
    const day = loaded();
    day.move('a', placedAt('wang', '15:00', '16:00'));
    day.load(sampleBoard());
    expect(day.visit('a')?.technicianId).toBe('wang');
    expect(day.confirmed('a')?.technicianId).toBe('li');
  });

  it('goes back when it is refused', () => {
    const day = loaded();
    day.move('a', placedAt('wang', '15:00', '16:00'));
    day.revert('a');
    expect(ids(day.row('li'))).toEqual(['a', 'b']);
    expect(day.isPending('a')).toBe(false);
  });

  it('stays with the new version when it is taken, and the next board has the last word', () => {
    const day = loaded();
    day.move('d', placedAt('wang', '15:00', '16:00'));
    day.settle('d', 2, 'assigned');
    expect(day.confirmed('d')).toMatchObject({
      technicianId: 'wang',
      version: 2,
      status: 'assigned',
      reason: null,
    });
    day.load(sampleBoard({ unassigned: [wireVisit('d', { version: 3 })] }));
    expect(day.visit('d')?.technicianId).toBeNull();
  });

  it('takes in a part of the day and drops what left that part', () => {
    const day = new DayModel();
    day.load(sampleBoard());
    const part = {
      now: at('09:40'),
      visits: [plannedVisit('a', 'wang', '12:00', '13:00'), plannedVisit('c', 'wang', '10:30', '11:30')],
      unassigned: [],
      positions: [
        { technician_id: 'li', position: { lat: 39.8, lng: 116.3, at: at('09:39'), accuracy_m: 8 } },
      ],
    };
    const changes = day.merge(part, { jobIds: new Set(['a']), technicianIds: new Set(['li']) });
    expect([...changes.jobs].sort()).toEqual(['a', 'b']);
    expect([...changes.rows].sort()).toEqual(['li', 'wang']);
    expect(day.row('wang').map(({ jobId }) => jobId)).toEqual(['c', 'a']);
    expect(day.row('li')).toEqual([]);
    expect(day.visit('d')).not.toBeNull();
    expect(day.technician('li')?.position?.lat).toBe(39.8);
  });

  it('keeps what it knows when an older whole day comes after a newer part', () => {
    const day = new DayModel();
    const older = sampleBoard();
    day.load(older);
    const moved = { ...plannedVisit('a', 'wang', '12:00', '13:00'), version: 2 };
    const part = { now: at('09:40'), visits: [moved], unassigned: [], positions: [] };
    day.merge(part, { jobIds: new Set(['a']), technicianIds: new Set(['li']) });
    day.load(older);
    expect(day.visit('a')).toMatchObject({ technicianId: 'wang', version: 2 });
  });
});
