import type { JobSheet, Position } from '../../api/types.ts';
import { metresBetween } from '../../sync/position-log.ts';

/** Addresses are pins on buildings and compounds are large; less is no news. */
const NEAR_M = 500;

/** How far from the address an arrival is, when it is worth saying; a phone may be wrong by its accuracy. */
export function offSite_m(job: JobSheet, position: Position | undefined): number | null {
  const { lat, lng } = job.place;
  if (!position || lat === null || lng === null) return null;
  const away_m = metresBetween({ lat, lng }, position) - position.accuracy_m;
  return away_m > NEAR_M ? away_m : null;
}
