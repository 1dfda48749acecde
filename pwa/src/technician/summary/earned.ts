import type { Earnings, JobSheet } from '../../api/types.ts';
import { isoDay } from '../../i18n/format.ts';

export interface EarnedDay {
  day: string;
  jobs: number;
  pays_fen: number;
}

/** What the tariff pays; the week begins on Monday. */
export interface Earned {
  week_fen: number;
  month_fen: number;
  /** Of this month, newest first. */
  days: EarnedDay[];
}

function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** Days the server has told of, and from then on what is signed on this phone, sent or not. */
export function earned(told: Earnings, jobs: readonly JobSheet[], today: string, zone: string): Earned {
  const days = new Map<string, EarnedDay>(told.days.map((one) => [one.day, one]));
  for (const job of jobs) {
    if (!job.acceptance || job.pays_fen === null) continue;
    const day = isoDay(Date.parse(job.acceptance.signed_at), zone);
    if (day <= told.through) continue;
    const sofar = days.get(day) ?? { day, jobs: 0, pays_fen: 0 };
    days.set(day, { day, jobs: sofar.jobs + 1, pays_fen: sofar.pays_fen + job.pays_fen });
  }
  const all = [...days.values()].sort((a, b) => b.day.localeCompare(a.day));
  const since = (first: string) => all.filter(({ day }) => day >= first && day <= today);
  const sum = (some: EarnedDay[]) => some.reduce((total, one) => total + one.pays_fen, 0);
  const month = since(`${today.slice(0, 7)}-01`);
  return { week_fen: sum(since(mondayOf(today))), month_fen: sum(month), days: month };
}
