export type Datum = 'wgs84' | 'gcj02' | 'bd09';

export const DATUMS: readonly Datum[] = ['wgs84', 'gcj02', 'bd09'];

export interface PlaceToLocate {
  id: string;
  address: string;
  customer_name: string | null;
  job_id: string | null;
  job_number: string | null;
  why: string | null;
}
