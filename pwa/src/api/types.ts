import type { JobStatus } from '../ui/display-state.ts';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type JobType = 'install' | 'repair' | 'maintain' | 'inspect' | 'collect' | 'return' | 'swap';

/** UTC, ISO-8601 with `Z`. */
export type Timestamp = string;

export type Range = Schemas['Span'];

export interface LatLng {
  lat: number;
  lng: number;
}

export interface Position extends LatLng {
  accuracy_m: number;
}

export type SessionUser = Schemas['UserRead'];
export type Session = Schemas['SessionRead'];

export interface Bilingual {
  zh: string;
  en: string;
}

/** A question of the SOP; the server keeps these as free JSON. */
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
/** A quote for work beyond the order and the customer's answer. */
export type ExtraQuote = Schemas['ExtraRead'];
/** Work a technician may quote, and what it costs. */
export type ExtraWork = Schemas['ExtraWorkRead'];
export type Planned = Schemas['PlannedRead'];

/** What a customer notices, and what it can come from. */
export interface FaultCause {
  code: string;
  title: Bilingual;
  /** How to tell that it is this one. */
  check: Bilingual;
  /** Parts that mend it. */
  parts: string[];
}

export interface FaultSymptom {
  key: string;
  title: Bilingual;
  causes: FaultCause[];
}

export interface FaultTree {
  version: string;
  symptoms: FaultSymptom[];
}

interface SheetContent {
  type: JobType;
  status: JobStatus;
  checklist: ChecklistStep[];
  answers: Record<string, AnswerValue>;
  fault_tree?: FaultTree | null;
}

export type JobSheet = Omit<Schemas['JobSheet'], keyof SheetContent> & SheetContent;
export type VanPart = Schemas['VanPart'];
export type Me = Schemas['Me'];
export type Earnings = Schemas['Earnings'];
export type PullReply = Omit<Schemas['Pull'], 'jobs'> & { jobs: JobSheet[] };
export type CommandReply = Omit<Schemas['CommandReply'], 'job'> & { job?: JobSheet | null };

/** One line of the live feed. */
export interface ChangeEvent {
  entity: 'job' | 'plan' | 'plan_run' | 'presence' | 'position' | 'technician' | 'place' | 'import' | 'offer';
  id: string;
  kind: 'created' | 'updated' | 'removed';
  region_id: string | null;
  technician_id: string | null;
}
