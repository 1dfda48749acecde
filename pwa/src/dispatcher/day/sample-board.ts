/** A small, named board for tests: two technicians, three visits, one job nobody has. */

import type { DayBoard } from './day-model.ts';
import { visitFromWire } from './visit.ts';
import type { WireTechnician, WireVisit } from './wire.ts';

/** An instant of the sample day by its Beijing wall clock, "HH:MM". */
export const at = (time: string): string => new Date(`2026-11-23T${time}:00+08:00`).toISOString();
export const ms = (time: string): number => Date.parse(at(time));

export function wireTechnician(id: string, extra: Partial<WireTechnician> = {}): WireTechnician {
  return {
    id,
    name: id,
    vendor: null,
    color: null,
    home: { lat: 39.9, lng: 116.4 },
    skills: [{ skill: 'ac_install', level: 2 }],
    certificates: [],
    shift: { start: at('09:00'), end: at('18:00') },
    lunch: { start: at('12:00'), end: at('13:30'), duration_s: 1800 },
    position: null,
    ...extra,
  };
}

export function wireVisit(id: string, extra: Partial<WireVisit> = {}): WireVisit {
  return {
    job_id: id,
    number: `J-${id}`,
    technician_id: null,
    planned: null,
    status: 'booked',
    type: 'install',
    window: { start: at('10:00'), end: at('12:00') },
    customer_name: `Customer ${id}`,
    address: '1 Chaoyang Road',
    community: 'Chaoyang Garden',
    lat: 39.91,
    lng: 116.41,
    product_name: 'Air conditioner',
    skill: 'ac_install',
    level: 1,
    service_s: 3600,
    priority: 0,
    lock: { technician: false, time: false },
    version: 1,
    late: null,
    reason: null,
    ...extra,
  };
}

export function plannedVisit(id: string, technicianId: string, start: string, end: string): WireVisit {
  return wireVisit(id, {
    technician_id: technicianId,
    status: 'assigned',
    planned: { arrive: at(start), start: at(start), end: at(end), travel_s: 900, travel_m: 4000 },
  });
}

const ROWS = [
  plannedVisit('a', 'li', '10:00', '11:00'),
  plannedVisit('b', 'li', '14:00', '15:00'),
  plannedVisit('c', 'wang', '10:30', '11:30'),
];
const TRAY = [wireVisit('d', { reason: { code: 'no_capacity', data: {} } })];

interface Rows {
  visits?: WireVisit[];
  unassigned?: WireVisit[];
}

export function sampleBoard({
  visits = ROWS,
  unassigned = TRAY,
  ...extra
}: Partial<Omit<DayBoard, 'visits'>> & Rows = {}): DayBoard {
  return {
    region: { id: 'beijing', name: 'Beijing', zone: 'Asia/Shanghai' },
    day: '2026-11-23',
    zone: 'Asia/Shanghai',
    now: at('09:30'),
    published_plan: null,
    cursor: '1',
    technicians: [wireTechnician('li'), wireTechnician('wang')],
    visits: [...visits, ...unassigned].map(visitFromWire),
    needs_location: 0,
    conflicts: 0,
    counts: {},
    ...extra,
  };
}
