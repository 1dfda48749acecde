import { describe, expect, it, vi } from 'vitest';
import { dayFromWireInSlices, visitsFrom } from './columns.ts';
import { at, plannedVisit, wireVisit } from './sample-board.ts';
import { visitFromWire } from './visit.ts';
import type { WireBoard, WireColumns, WireVisit } from './wire.ts';

const ofDay = (instant: string | undefined): number | null =>
  instant === undefined ? null : Date.parse(instant) - Date.parse(at('00:00'));

const coded = (words: (string | null)[]) => {
  const said = [...new Set(words)];
  return { words: said, at: words.map((word) => said.indexOf(word)) };
};

const placesOf = (rows: readonly WireVisit[], has: (row: WireVisit) => boolean): number[] =>
  rows.flatMap((row, place) => (has(row) ? [place] : []));

/** What the server makes of rows. */
function columnsOf(rows: readonly WireVisit[]): WireColumns {
  return {
    since: at('00:00'),
    job_id: rows.map((row) => row.job_id),
    number: rows.map((row) => row.number),
    technician_id: coded(rows.map((row) => row.technician_id ?? null)),
    status: coded(rows.map((row) => row.status)),
    type: coded(rows.map((row) => row.type)),
    customer_name: rows.map((row) => row.customer_name),
    address: rows.map((row) => row.address),
    community: coded(rows.map((row) => row.community)),
    product_name: coded(rows.map((row) => row.product_name)),
    product_name_en: coded(rows.map((row) => row.product_name)),
    skill: coded(rows.map((row) => row.skill)),
    level: rows.map((row) => row.level ?? 0),
    lat: rows.map((row) => row.lat),
    lng: rows.map((row) => row.lng),
    arrive_ms: rows.map((row) => ofDay(row.planned?.arrive)),
    start_ms: rows.map((row) => ofDay(row.planned?.start)),
    end_ms: rows.map((row) => ofDay(row.planned?.end)),
    travel_s: rows.map((row) => row.planned?.travel_s ?? 0),
    travel_m: rows.map((row) => row.planned?.travel_m ?? 0),
    window_start_ms: rows.map((row) => ofDay(row.window?.start)),
    window_end_ms: rows.map((row) => ofDay(row.window?.end)),
    service_s: rows.map((row) => row.service_s),
    priority: rows.map((row) => row.priority),
    version: rows.map((row) => row.version),
    lock_technician: placesOf(rows, ({ lock }) => lock.technician),
    lock_time: placesOf(rows, ({ lock }) => lock.time),
    late: Object.fromEntries(rows.flatMap(({ late }, place) => (late ? [[place, late]] : []))),
    reason: Object.fromEntries(rows.flatMap(({ reason }, place) => (reason ? [[place, { ...reason }]] : []))),
    refused_by: Object.fromEntries(
      rows.flatMap(({ refused_by }, place) => (refused_by ? [[place, refused_by]] : [])),
    ),
  };
}

describe('visits read from columns', () => {
  it('are the ones that rows tell of', () => {
    const rows = [
      { ...plannedVisit('a', 'li', '10:00', '11:00'), lock: { technician: false, time: true } },
      { ...plannedVisit('b', 'wang', '12:00', '13:00'), late: { projected_start: at('12:40'), minutes: 10 } },
      wireVisit('c', { window: null, lat: null, lng: null, refused_by: ['li'] }),
      wireVisit('d', { reason: { code: 'no_capacity', data: {} }, lock: { technician: true, time: false } }),
    ];
    expect(visitsFrom(columnsOf(rows))).toEqual(rows.map(visitFromWire));
  });

  it('are the same where the browser is let in between', async () => {
    const rows = Array.from({ length: 1001 }, (_, at) => wireVisit(`job-${at}`, { priority: at % 3 }));
    const between = vi.fn(async () => undefined);
    const day = await dayFromWireInSlices({ visits: columnsOf(rows) } as WireBoard, between);
    expect(day.visits).toEqual(rows.map(visitFromWire));
    expect(between).toHaveBeenCalledTimes(2);
  });
});
