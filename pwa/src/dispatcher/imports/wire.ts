/** Shapes of import runs as the server sends them. */

export type ImportOutcome = 'create' | 'join' | 'unchanged' | 'refuse';

export interface ImportReason {
  code: string;
  field: string | null;
  message: { zh: string; en: string };
}

export interface ImportRow {
  lines: number[];
  order_no: string | null;
  outcome: ImportOutcome;
  reasons: ImportReason[];
  customer: string | null;
  product: string | null;
  qty: number | null;
  type: string | null;
  address: string | null;
  location: 'file' | 'gazetteer' | 'geocoder' | 'missing' | null;
}

export interface ImportSummary {
  orders: number;
  jobs: number;
  created: number;
  joined: number;
  unchanged: number;
  refused: number;
  needs_location: number;
}

export interface ImportRun {
  id: string;
  file_name: string;
  state: 'dry' | 'applying' | 'applied' | 'failed';
  progress?: { done: number; todo: number } | null;
  format: string | null;
  encoding: string | null;
  channel: string | null;
  summary: ImportSummary | null;
  created_at?: string;
  applied_at?: string | null;
  created_by?: string | null;
}
