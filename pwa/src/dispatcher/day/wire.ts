/** Shapes of the board as the server sends them: UTC ISO-8601 instants, WGS-84 degrees, integer fen. */

import type { components } from '../../api/schema';

export interface WirePlanned {
  arrive: string;
  start: string;
  end: string;
  travel_s: number;
  travel_m: number;
}

export interface WireReason {
  code: string;
  data: Record<string, unknown>;
}

export interface WireVisit {
  job_id: string;
  number: string;
  technician_id?: string | null;
  planned?: WirePlanned | null;
  status: string;
  type: string;
  window: { start: string; end: string } | null;
  customer_name: string;
  address: string;
  community: string | null;
  lat: number | null;
  lng: number | null;
  product_name: string | null;
  product_name_en?: string | null;
  skill: string | null;
  level: number | null;
  service_s: number;
  priority: number;
  lock: { technician: boolean; time: boolean };
  version: number;
  late?: { projected_start: string; minutes: number } | null;
  reason?: WireReason | null;
  refused_by?: string[];
}

export interface WireTechnician {
  id: string;
  name: string;
  vendor: { id: string; name: string } | null;
  color: string | null;
  home: { lat: number; lng: number } | null;
  skills: { skill: string; level: number }[];
  certificates: { code: string; expires_on: string }[];
  shift: { start: string; end: string } | null;
  lunch: { start: string; end: string; duration_s: number } | null;
  position: { lat: number; lng: number; at: string; accuracy_m: number | null } | null;
}

/** All visits of a day, a list for each fact: what stands at the same place in each list is of one visit. */
export type WireColumns = components['schemas']['VisitColumns'];

export interface WireBoard {
  region: { id: string; name: string; zone: string; center?: LatLng | null; depot?: LatLng | null };
  day: string;
  zone: string;
  now: string;
  published_plan: { id: string; published_at: string; published_by: string | null } | null;
  cursor: string | null;
  technicians: WireTechnician[];
  visits: WireColumns;
  needs_location: number;
  /** Fields a phone and the office wrote differently, of any day. */
  conflicts: number;
  counts: Record<string, number>;
}

/** What changed of a day: some jobs, and the whole days of those who have them. */
export interface WireRows {
  now: string;
  visits: WireVisit[];
  unassigned: WireVisit[];
  positions: { technician_id: string; position: WireTechnician['position'] }[];
}

export interface LatLng {
  lat: number;
  lng: number;
}
