import type { JobSheet, Me } from '../../api/types.ts';
import { isUnderway } from '../day/day-order.ts';

/** Nobody is located outside the shift, or without a job underway. `now`: milliseconds by the server's clock. */
export function mayBeLocated(shift: Me['shift'] | null, jobs: readonly JobSheet[], now: number): boolean {
  const isOnShift = !!shift && Date.parse(shift.start) <= now && now <= Date.parse(shift.end);
  return isOnShift && jobs.some((job) => isUnderway(job) && job.status !== 'done');
}
