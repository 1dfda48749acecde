/** Why a visit is where it is, or why a job is nowhere, line by line. `told` is what the plan wrote down with it. */

import { distance, money } from '../../i18n/format.ts';
import type { DaySource } from '../day/day-source.ts';
import { isMovable } from '../day/fit.ts';
import type { Planned, Technician, Visit } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t, word } from '../i18n/texts.svelte.ts';
import { othersAt } from './candidates.ts';
import { factText } from './facts.ts';
import type { JobRead } from './wire.ts';

export type Told = Readonly<Record<string, unknown>> | null;

export function whyLines(visit: Visit, told: Told, source: DaySource, clock: ZoneClock): string[] {
  const technician = source.technician(visit.technicianId);
  if (!technician || !visit.planned) return reasonLines(visit, source, clock);
  const { marginal_fen, alternatives, ...rest } = told ?? {};
  const facts = Object.entries(rest).map(([name, value]) => factText(name, value, source, clock));
  return [
    ...fitLines(visit, visit.planned, technician),
    ...facts.flatMap((text) => (text === null ? [] : [text])),
    ...(typeof marginal_fen === 'number' ? [t('why.marginal', { amount: money(marginal_fen) })] : []),
    ...alternativeLines(alternatives, source, clock),
    ...(isMovable(visit) ? otherLines(visit, visit.planned, source) : []),
  ];
}

/** What was written down of the choice, as long as it is about the one who has the job here. */
export const whyFor = ({ jobId, technicianId }: Visit, job: JobRead | null): Told =>
  job?.sheet.id === jobId && job.technician_id === technicianId ? (job.why ?? null) : null;

function fitLines(visit: Visit, planned: Planned, technician: Technician): string[] {
  const lines: string[] = [];
  const has = visit.skill ? technician.skills.get(visit.skill) : undefined;
  if (visit.skill && has !== undefined) {
    lines.push(t('why.skill', { skill: word('skill', visit.skill), has, needs: visit.level ?? 1 }));
  }
  const { window } = visit;
  if (window && planned.startMs >= window.startMs && planned.startMs <= window.endMs)
    lines.push(t('why.in_window'));
  if (planned.travelS > 0) {
    const km = (planned.travelM / 1000).toFixed(1);
    lines.push(t('why.travel', { minutes: Math.round(planned.travelS / 60), km }));
  }
  return lines;
}

/** `李明 14:10 也能来，多花 ¥12`: who else could come, when, and what that costs more. */
function alternativeLines(told: unknown, source: DaySource, clock: ZoneClock): string[] {
  if (!Array.isArray(told)) return [];
  return (told as { technician_id: string; start: string; extra_fen: number }[]).flatMap((other) => {
    const name = source.technician(other.technician_id)?.name;
    if (!name) return [];
    const at = clock.time(Date.parse(other.start));
    const amount = money(Math.abs(other.extra_fen));
    return [t(other.extra_fen < 0 ? 'why.cheaper' : 'why.dearer', { name, at, amount })];
  });
}

function otherLines(visit: Visit, planned: Planned, source: DaySource): string[] {
  const others = othersAt(visit, planned, source);
  const lines = [t('why.others', { free: others.free.length, busy: others.busy, unable: others.unable })];
  const nearest = others.free[0];
  if (nearest?.awayM) {
    lines.push(t('why.nearest', { name: nearest.technician.name, away: distance(nearest.awayM) }));
  }
  return lines;
}

function reasonLines({ reason }: Visit, source: DaySource, clock: ZoneClock): string[] {
  if (!reason) return [t('reason.not_planned_yet')];
  const { ways: _, ...figures } = reason.data ?? {}; // asked for anew, since the day has moved on
  const details = Object.entries(figures).flatMap(([name, value]) => {
    const text = factText(name, value, source, clock);
    return text ? [text] : [];
  });
  return [word('reason', reason.code), ...details];
}
