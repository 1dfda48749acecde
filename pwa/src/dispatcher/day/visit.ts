/** What the console knows of a visit and a technician, with instants in epoch milliseconds. */

import type { LatLng, WireReason, WireTechnician, WireVisit } from './wire.ts';

export interface Planned {
  readonly arriveMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly travelS: number;
  readonly travelM: number;
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Visit {
  readonly jobId: string;
  readonly number: string;
  readonly technicianId: string | null;
  readonly planned: Planned | null;
  readonly status: string;
  readonly type: string;
  readonly window: Span | null;
  readonly customerName: string;
  readonly address: string;
  readonly community: string;
  readonly at: LatLng | null;
  readonly productName: string;
  readonly productNameEn: string;
  readonly skill: string | null;
  readonly level: number | null;
  readonly serviceS: number;
  readonly priority: number;
  readonly lockTechnician: boolean;
  readonly lockTime: boolean;
  readonly version: number;
  readonly late: { readonly projectedStartMs: number; readonly minutes: number } | null;
  readonly reason: WireReason | null;
  /** Technicians who declined the job or did not come to it. */
  readonly refusedBy: readonly string[];
}

export interface Technician {
  readonly id: string;
  readonly name: string;
  readonly vendorName: string | null;
  readonly vendorId: string | null;
  readonly home: LatLng | null;
  readonly skills: ReadonlyMap<string, number>;
  readonly certificates: ReadonlyMap<string, string>;
  readonly shift: Span | null;
  readonly pause: (Span & { readonly durationS: number }) | null;
  readonly position: (LatLng & { readonly atMs: number; readonly accuracyM: number | null }) | null;
}

const span = (wire: { start: string; end: string } | null | undefined): Span | null =>
  wire ? { startMs: Date.parse(wire.start), endMs: Date.parse(wire.end) } : null;

function planned(wire: WireVisit): Planned | null {
  if (!wire.planned) return null;
  const { arrive, start, end, travel_s, travel_m } = wire.planned;
  return {
    arriveMs: Date.parse(arrive),
    startMs: Date.parse(start),
    endMs: Date.parse(end),
    travelS: travel_s,
    travelM: travel_m,
  };
}

export function visitFromWire(wire: WireVisit): Visit {
  return {
    jobId: wire.job_id,
    number: wire.number,
    technicianId: wire.technician_id ?? null,
    planned: planned(wire),
    status: wire.status,
    type: wire.type,
    window: span(wire.window),
    customerName: wire.customer_name,
    address: wire.address,
    community: wire.community ?? '',
    at: wire.lat !== null && wire.lng !== null ? { lat: wire.lat, lng: wire.lng } : null,
    productName: wire.product_name ?? '',
    productNameEn: wire.product_name_en || (wire.product_name ?? ''),
    skill: wire.skill,
    level: wire.level,
    serviceS: wire.service_s,
    priority: wire.priority,
    lockTechnician: wire.lock.technician,
    lockTime: wire.lock.time,
    version: wire.version,
    late: wire.late
      ? { projectedStartMs: Date.parse(wire.late.projected_start), minutes: wire.late.minutes }
      : null,
    reason: wire.reason ?? null,
    refusedBy: wire.refused_by ?? [],
  };
}

export function technicianFromWire(wire: WireTechnician): Technician {
  const pause = span(wire.lunch);
  return {
    id: wire.id,
    name: wire.name,
    vendorName: wire.vendor?.name ?? null,
    vendorId: wire.vendor?.id ?? null,
    home: wire.home,
    skills: new Map(wire.skills.map((s) => [s.skill, s.level])),
    certificates: new Map(wire.certificates.map((c) => [c.code, c.expires_on])),
    shift: span(wire.shift),
    pause: pause && wire.lunch ? { ...pause, durationS: wire.lunch.duration_s } : null,
    position: positionFromWire(wire.position),
  };
}

export function positionFromWire(wire: WireTechnician['position']): Technician['position'] {
  return wire && { lat: wire.lat, lng: wire.lng, atMs: Date.parse(wire.at), accuracyM: wire.accuracy_m };
}
