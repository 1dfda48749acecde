import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { ms, sampleBoard, wireTechnician } from '../day/sample-board.ts';
import { technicianFromWire } from '../day/visit.ts';
import { ZoneClock } from '../day/zone-clock.ts';
import { lanes } from './lanes.ts';
import { neighbour, technicianBeside } from './neighbours.ts';
import { around, edgeScroll, farthestFirst, outwards, rowAt, rowWindow, scrollToRow } from './row-window.ts';
import { fitted } from './text-fit.ts';
import { daySpan, snap, TimeAxis } from './time-axis.ts';

const axis = new TimeAxis({ startMs: ms('08:00'), endMs: ms('18:00') }, 1000);
const beijing = new ZoneClock('Asia/Shanghai');

describe('TimeAxis', () => {
  it('maps instants to pixels and back', () => {
    expect(axis.x(ms('09:00'))).toBeCloseTo(100);
    expect(axis.ms(250)).toBeCloseTo(ms('10:30'));
  });

  it('marks every hour where there is room and fewer where there is not', () => {
    expect(axis.ticks().map((tick) => beijing.time(tick.ms))).toContain('09:00');
    expect(axis.ticks(150).map((tick) => beijing.time(tick.ms))).toEqual([
      '08:00',
      '10:00',
      '12:00',
      '14:00',
      '16:00',
    ]);
  });

  it.each([
    ['no width', { startMs: 0, endMs: 1 }, 0],
    ['no time', { startMs: 1, endMs: 1 }, 10],
  ])('refuses %s', (_name, span, width) => {
    expect(() => new TimeAxis(span, width)).toThrow(RangeError);
  });

  it('snaps to the nearest quarter of an hour', () => {
    expect(snap(ms('10:07'), ms('08:00'), 15)).toBe(ms('10:00'));
    expect(snap(ms('10:08'), ms('08:00'), 15)).toBe(ms('10:15'));
  });
});

describe('daySpan', () => {
  it('covers early shifts and whole hours', () => {
    const early = technicianFromWire(
      wireTechnician('li', {
        shift: { start: new Date(ms('07:30')).toISOString(), end: new Date(ms('20:15')).toISOString() },
      }),
    );
    const span = daySpan('2026-11-23', beijing, [early], []);
    expect(beijing.range(span.startMs, span.endMs)).toBe('07:00–21:00');
  });

  it('shows a working day where nothing is known yet', () => {
    const span = daySpan('2026-11-23', beijing, [], []);
    expect(beijing.range(span.startMs, span.endMs)).toBe('08:00–18:00');
  });

  it('stays within the day whatever a shift says', () => {
    const endless = technicianFromWire(
      wireTechnician('li', { shift: { start: '2026-11-20T00:00:00Z', end: '2026-11-29T00:00:00Z' } }),
    );
    const span = daySpan('2026-11-23', beijing, [endless], []);
    expect(span.endMs - span.startMs).toBe(24 * 3_600_000);
  });
});

describe('rows', () => {
  const view = { scrollTopPx: 4400, heightPx: 440 };

  it('exist for what is in view and a few around', () => {
    expect(rowWindow(view, 300, 44, 4)).toEqual({ first: 96, end: 114 });
  });

  it('end where the list ends', () => {
    expect(rowWindow({ scrollTopPx: 0, heightPx: 4000 }, 3, 44)).toEqual({ first: 0, end: 3 });
    expect(rowWindow({ scrollTopPx: 0, heightPx: 400 }, 0, 44)).toEqual({ first: 0, end: 0 });
  });

  it('come in the order in which they are wanted: those in view, then the nearest beyond', () => {
    expect(outwards({ first: 3, end: 5 }, { first: 2, end: 8 })).toEqual([3, 4, 5, 2, 6, 7]);
    expect(outwards({ first: 0, end: 2 }, { first: 0, end: 2 })).toEqual([0, 1]);
  });

  it('exist around those seen, as many as there may be and no more', () => {
    expect(around({ first: 0, end: 10 }, 120, 150)).toEqual({ first: 0, end: 120 });
    expect(around({ first: 0, end: 10 }, 300, 150)).toEqual({ first: 0, end: 150 });
    expect(around({ first: 145, end: 155 }, 300, 150)).toEqual({ first: 75, end: 225 });
    expect(around({ first: 290, end: 300 }, 300, 150)).toEqual({ first: 150, end: 300 });
    expect(around({ first: 20, end: 60 }, 300, 10)).toEqual({ first: 20, end: 60 });
  });

  it('are given away where they lie farthest from what is wanted', () => {
    expect(farthestFirst([3, 9, 12, 4, 30], { first: 4, end: 10 })).toEqual([30, 12, 3]);
  });

  it('are found under a point, the nearest where there is none', () => {
    expect(rowAt(89, 300, 44)).toBe(2);
    expect(rowAt(-50, 300, 44)).toBe(0);
    expect(rowAt(99_999, 300, 44)).toBe(299);
  });

  it('come into view with the least scrolling', () => {
    expect(scrollToRow(105, view, 44)).toBe(4400);
    expect(scrollToRow(10, view, 44)).toBe(440);
    expect(scrollToRow(120, view, 44)).toBe(121 * 44 - 440);
  });

  it('scroll by themselves faster the nearer the edge', () => {
    expect(edgeScroll(300, 0, 600)).toBe(0);
    expect(edgeScroll(40, 0, 600)).toBeGreaterThan(edgeScroll(10, 0, 600));
    expect(edgeScroll(599, 0, 600)).toBe(16);
  });
});

describe('lanes', () => {
  const spanOf = (s: string) => {
    const [a = '0', b = '0'] = s.split('-');
    return { startMs: Number(a), endMs: Number(b) };
  };

  it('keeps visits that only touch in one lane', () => {
    expect(lanes(['0-10', '10-20'], spanOf).map((laned) => [laned.lane, laned.lanes])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('puts overlapping ones side by side and reuses a lane that is free again', () => {
    const laid = lanes(['0-10', '5-15', '12-20', '30-40'], spanOf);
    expect(laid.map((laned) => [laned.item, laned.lane, laned.lanes])).toEqual([
      ['0-10', 0, 2],
      ['5-15', 1, 2],
      ['12-20', 0, 2],
      ['30-40', 0, 1],
    ]);
  });
});

describe('the keyboard’s next visit', () => {
  const day = new DayModel();
  day.load(
    sampleBoard({ technicians: [wireTechnician('li'), wireTechnician('zhao'), wireTechnician('wang')] }),
  );

  it('starts at the first visit of the board', () => {
    expect(neighbour(day, null, 'next')?.jobId).toBe('a');
  });

  it('follows the row and stops at its end', () => {
    expect(neighbour(day, day.visit('a'), 'next')?.jobId).toBe('b');
    expect(neighbour(day, day.visit('b'), 'next')).toBeNull();
  });

  it('goes to the visit nearest in time of the next row that has one', () => {
    expect(neighbour(day, day.visit('b'), 'row_below')?.jobId).toBe('c');
    expect(neighbour(day, day.visit('c'), 'row_above')?.jobId).toBe('a');
  });

  it('knows the technicians beside one', () => {
    expect(technicianBeside(day, 'li', 1)).toBe('zhao');
    expect(technicianBeside(day, 'li', -1)).toBeNull();
  });
});

describe('fitted', () => {
  const tenEach = (character: string) => (character === '…' ? 5 : 10);

  it.each([
    ['fits to the pixel', '王建国', 30, '王建国'],
    ['is cut where the ellipsis still has room', '王建国 · 小区', 39, '王建国…'],
    ['has no room at all', '王', 4, '…'],
    ['is empty', '', 4, ''],
    ['is made of characters beyond the basic ones', '𠮷𠮷𠮷', 25, '𠮷𠮷…'],
  ])('shows what there is room for when a text %s', (_case, text, widthPx, shown) => {
    expect(fitted(text, widthPx, tenEach)).toBe(shown);
  });
});
