/** The board's rows in groups: by company, by part of town, by skill. */

import type { DaySource } from '../day/day-source.ts';
import type { Technician, Visit } from '../day/visit.ts';
import type { Grouping } from '../filters/lens.ts';
import { zoneOf } from '../filters/zones.ts';

export interface Group {
  /** What the address knows it by; '' for those who belong to none. */
  readonly id: string;
  /** The vendor's or the zone's own name; a skill's code. */
  readonly name: string;
  readonly technicians: readonly Technician[];
  readonly visits: number;
  /** Planned work, without the ways. */
  readonly workMs: number;
  readonly shiftMs: number;
}

/** Everybody stands in one group only: a row on the board exists once. */
export function groupsOf(day: DaySource, technicians: readonly Technician[], by: Grouping): Group[] {
  const members = new Map<string, Technician[]>();
  const names = new Map<string, string>();
  for (const technician of technicians) {
    const [id, name] = KEY_OF[by](technician, day.row(technician.id));
    names.set(id, name);
    const group = members.get(id);
    if (group) group.push(technician);
    else members.set(id, [technician]);
  }
  return [...members]
    .map(([id, people]) => summed(id, names.get(id) ?? id, people, day))
    .sort((a, b) => order(a, b, by));
}

type KeyOf = (technician: Technician, row: readonly Visit[]) => readonly [id: string, name: string];

const KEY_OF: Readonly<Record<Grouping, KeyOf>> = {
  vendor: ({ vendorId, vendorName }) => [vendorId ?? '', vendorName ?? ''],
  zone: (_, row) => same(mostFrequent(row.map(zoneOf))),
  skill: ({ skills }) => same(best(skills)),
};

const same = (id: string) => [id, id] as const;

/** The zone of most of the day's visits; the first of several that are equal. */
function mostFrequent(zones: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), ['', 0] as const)[0];
}

/** The skill of the highest level. */
function best(skills: ReadonlyMap<string, number>): string {
  const sorted = [...skills].sort(([a, levelA], [b, levelB]) => levelB - levelA || a.localeCompare(b));
  return sorted[0]?.[0] ?? '';
}

function summed(id: string, name: string, technicians: readonly Technician[], day: DaySource): Group {
  let visits = 0;
  let workMs = 0;
  let shiftMs = 0;
  for (const technician of technicians) {
    const row = day.row(technician.id);
    visits += row.length;
    workMs += row.reduce((sum, { planned }) => sum + (planned ? planned.endMs - planned.startMs : 0), 0);
    if (technician.shift) shiftMs += technician.shift.endMs - technician.shift.startMs;
  }
  return { id, name, technicians, visits, workMs, shiftMs };
}

/** Own people before vendors; those who belong to no zone or skill last. */
function order(a: Group, b: Group, by: Grouping): number {
  if ((a.id === '') !== (b.id === '')) return (a.id === '') === (by === 'vendor') ? -1 : 1;
  return a.name.localeCompare(b.name, 'zh');
}
