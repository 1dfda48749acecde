/** A day's visits, which the server sends as a list for each fact, as the visits they are. */

import type { components } from '../../api/schema';
import type { DayBoard } from './day-model.ts';
import { inSlices } from './slices.ts';
import type { Planned, Span, Visit } from './visit.ts';
import type { LatLng, WireBoard, WireColumns, WireReason } from './wire.ts';

export const dayFromWire = (wire: WireBoard): DayBoard => ({ ...wire, visits: visitsFrom(wire.visits) });

/** The same, a few hundred visits at a time; `between` two of these whoever waits for the browser is let in. */
export async function dayFromWireInSlices(wire: WireBoard, between: () => Promise<void>): Promise<DayBoard> {
  const visitAt = reader(wire.visits);
  return { ...wire, visits: await inSlices(wire.visits.job_id, between, (_, at) => visitAt(at)) };
}

type Coded = components['schemas']['Coded'];
type Instants = readonly (number | null)[];

export function visitsFrom(columns: WireColumns): Visit[] {
  const visitAt = reader(columns);
  return columns.job_id.map((_, at) => visitAt(at));
}

/** Reads the visit at one place. */
function reader(columns: WireColumns): (at: number) => Visit {
  const sinceMs = Date.parse(columns.since);
  const lockedTechnicians = new Set(columns.lock_technician);
  const lockedTimes = new Set(columns.lock_time);
  return (at) => ({
    jobId: columns.job_id[at] ?? '',
    number: columns.number[at] ?? '',
    technicianId: wordAt(columns.technician_id, at),
    planned: plannedAt(columns, at, sinceMs),
    status: wordAt(columns.status, at) ?? '',
    type: wordAt(columns.type, at) ?? '',
    window: spanAt(columns.window_start_ms, columns.window_end_ms, at, sinceMs),
    customerName: columns.customer_name[at] ?? '',
    address: columns.address[at] ?? '',
    community: wordAt(columns.community, at) ?? '',
    at: placeAt(columns, at),
    productName: wordAt(columns.product_name, at) ?? '',
    productNameEn: wordAt(columns.product_name_en, at) ?? '',
    skill: wordAt(columns.skill, at),
    level: columns.level[at] ?? null,
    serviceS: columns.service_s[at] ?? 0,
    priority: columns.priority[at] ?? 0,
    lockTechnician: lockedTechnicians.has(at),
    lockTime: lockedTimes.has(at),
    version: columns.version[at] ?? 0,
    late: lateAt(columns, at),
    reason: (columns.reason[at] as WireReason | undefined) ?? null,
    refusedBy: columns.refused_by[at] ?? [],
  });
}

const wordAt = ({ words, at }: Coded, place: number): string | null => words[at[place] ?? -1] ?? null;

function spanAt(starts: Instants, ends: Instants, at: number, sinceMs: number): Span | null {
  const [startMs, endMs] = [starts[at] ?? null, ends[at] ?? null];
  return startMs === null || endMs === null ? null : { startMs: sinceMs + startMs, endMs: sinceMs + endMs };
}

function plannedAt(columns: WireColumns, at: number, sinceMs: number): Planned | null {
  const work = spanAt(columns.start_ms, columns.end_ms, at, sinceMs);
  return (
    work && {
      arriveMs: sinceMs + (columns.arrive_ms[at] ?? 0),
      ...work,
      travelS: columns.travel_s[at] ?? 0,
      travelM: columns.travel_m[at] ?? 0,
    }
  );
}

function placeAt({ lat, lng }: WireColumns, at: number): LatLng | null {
  const [north, east] = [lat[at] ?? null, lng[at] ?? null];
  return north === null || east === null ? null : { lat: north, lng: east };
}

function lateAt({ late }: WireColumns, at: number): Visit['late'] {
  const told = late[at];
  return told ? { projectedStartMs: Date.parse(told.projected_start), minutes: told.minutes } : null;
}
