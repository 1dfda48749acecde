import type { JobStatus } from '../ui/display-state.ts';

export type Role = 'admin' | 'dispatcher' | 'agent' | 'clerk' | 'vendor_dispatcher' | 'technician';
export type JobType = 'install' | 'repair' | 'maintain' | 'inspect' | 'collect' | 'return' | 'swap';

/** UTC, ISO-8601 with `Z`. */
export type Timestamp = string;

export interface Range {
  start: Timestamp;
  end: Timestamp;
}

export interface LatLng {
  lat: number;
  lng: number;
}

export interface Position extends LatLng {
  accuracy_m: number;
}

export interface SessionUser {
  id: string;
  name: string;
  role: Role;
  locale: string;
  technician_id: string | null;
  vendor_id: string | null;
  org_name: string;
  zone: string;
}

export interface Session {
  user: SessionUser;
  csrf_token: string;
}

export interface Bilingual {
  zh: string;
  en: string;
}

export interface ChecklistStep {
  key: string;
  kind: 'check' | 'reading' | 'text' | 'choice' | 'photo';
  title: Bilingual;
  required: boolean;
  unit?: string | null;
  min?: number | null;
  max?: number | null;
  choices?: { value: string; zh: string; en: string }[] | null;
}

export type AnswerValue = boolean | number | string;

export interface UsedPart {
  id: string;
  sku: string;
  name: string;
  qty: number;
  unit_price_fen: number;
}

export interface Planned extends Range {
  arrive: Timestamp;
  travel_s: number;
  travel_m: number;
}

export interface JobSheet {
  id: string;
  number: string;
  type: JobType;
  status: JobStatus;
  version: number;
  visit_id: string;
  attempt: number;
  day: string;
  window: Range;
  planned: Planned | null;
  offer_expires_at: Timestamp | null;
  customer: { name: string; phone: string };
  place: { address: string; community: string | null; lat: number | null; lng: number | null };
  product: { sku: string; name: string; name_en: string; category: string };
  asset: { id: string; serial: string | null } | null;
  description: string | null;
  note: string | null;
  checklist: ChecklistStep[];
  answers: Record<string, AnswerValue>;
  parts_expected: { sku: string; qty: number }[];
  parts_used: UsedPart[];
  photos: { sha256: string; step: string | null; taken_at: Timestamp }[];
  price: { labour_fen: number; currency: string };
  pays_fen: number | null;
  acceptance: { sha256: string; signed_at: Timestamp; signer: string } | null;
}

export interface VanPart {
  sku: string;
  name: string;
  name_en: string;
  barcode: string | null;
  qty: number;
  unit_price_fen: number;
}

export interface Me {
  technician_id: string;
  name: string;
  vendor_name: string | null;
  shift: Range | null;
  home: LatLng;
}

export interface PullReply {
  cursor: string;
  server_time: Timestamp;
  me: Me;
  jobs: JobSheet[];
  ids: string[];
  van: VanPart[];
  reset: boolean;
}

export type CommandStatus = 'accepted' | 'duplicate' | 'conflict' | 'rejected';

export interface CommandReply {
  status: CommandStatus;
  code?: string | null;
  message?: string | null;
  job?: JobSheet | null;
  theirs?: Record<string, unknown> | null;
  missing?: string[] | null;
  differences?: string[] | null;
}

export interface ChangeEvent {
  entity: 'job' | 'plan' | 'plan_run' | 'position' | 'technician' | 'place' | 'import';
  id: string;
  kind: 'created' | 'updated' | 'removed';
  region_id: string | null;
  technician_id: string | null;
}
