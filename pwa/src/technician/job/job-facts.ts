import type { FaultCause, JobSheet } from '../../api/types.ts';
import { clockRange, clockTime, dayName, distance, isoDay } from '../../i18n/format.ts';
import { isOpen, projectedArrival, windowOf } from '../day/day-order.ts';
import { t, texts } from '../i18n/texts.ts';

export function productName(job: JobSheet): string {
  return texts.locale === 'en' ? job.product.name_en || job.product.name : job.product.name;
}

/** `安装 · 壁挂空调 1.5 匹`. */
export function jobTitle(job: JobSheet): string {
  return `${t(`type.${job.type}`)} · ${productName(job)}`;
}

/** `11月24日 星期二` of a site's day such as `2026-11-24`, the same in every zone. */
export function dayText(day: string): string {
  return dayName(`${day}T12:00:00Z`, texts.locale, 'UTC');
}

/** The job's day where it is not the one meant anyway; null where it is, or where none is set. */
export function otherDay(job: JobSheet, day: string): string | null {
  return job.day && job.day !== day ? dayText(job.day) : null;
}

/** `10:00–12:00`, as promised or planned. */
export function windowText(job: JobSheet, zone: string): string {
  const range = windowOf(job);
  return range ? clockRange(range, zone) : t('job.no_window');
}

/** `4.2 km · 15 分钟`, when the plan knows the drive. */
export function travelText(job: JobSheet): string | null {
  if (!job.planned || job.planned.travel_m === 0) return null;
  const minutes = Math.max(1, Math.round(job.planned.travel_s / 60));
  return t('job.travel', { distance: distance(job.planned.travel_m), minutes });
}

/** When the technician can be there from now; a plan that has passed is no promise any more. */
export function arrivalText(job: JobSheet, zone: string, now: number): string | null {
  if (!job.planned || !isOpen(job)) return null;
  return t('job.arrive_about', { time: clockTime(projectedArrival(job, now), zone) });
}

/** Until when to answer: the time, with the day where it is not today. */
export function answerBy(until: string, zone: string, now: number): string {
  const day = isoDay(until, zone);
  const time = clockTime(until, zone);
  return day === isoDay(now, zone) ? time : `${dayText(day)} ${time}`;
}

/** The diagnosed cause, where the packaged fault tree knows it. */
export function causeOf(job: JobSheet): FaultCause | undefined {
  const causes = job.fault_tree?.symptoms.flatMap((symptom) => symptom.causes);
  return causes?.find((one) => one.code === job.fault_code);
}
