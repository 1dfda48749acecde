/** A job with everything known of it, as `GET /api/jobs/{id}` sends it. */

import type { components } from '../../api/schema';
import type { JobSheet } from '../../api/types.ts';

export interface JobRead {
  sheet: JobSheet;
  case: {
    id: string;
    number: string;
    channel: string;
    status: string;
    description: string;
    opened_at: string;
  };
  technician_id: string | null;
  skill: string;
  level: number;
  certificate: string | null;
  priority: number;
  lock_technician: boolean;
  lock_time: boolean;
  /** What the reader may do to it now. */
  actions: string[];
  /** Why whoever has it was chosen. */
  why?: Record<string, unknown> | null;
  /** What phone and office changed without knowing of each other. */
  conflicts?: FieldConflict[];
}

export type FieldConflict = Omit<components['schemas']['FieldConflictRead'], 'standing' | 'came'> & {
  standing: { value: string };
  came: { value: string; by?: string };
};

export interface JobEvent {
  at: string;
  device_at: string | null;
  action: string;
  actor: { kind: string; name: string };
  data: Record<string, unknown>;
}
