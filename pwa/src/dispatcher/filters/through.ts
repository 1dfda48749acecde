/** Looks at a day as the address asks, with words in the language in use. */

import { untrack } from 'svelte';
import type { ConsoleApp } from '../console-app.svelte.ts';
import type { DaySource } from '../day/day-source.ts';
import type { DayStore } from '../day/day-store.svelte.ts';
import { type Group, groupsOf } from '../grouping/groups.ts';
import { HeadLayer } from '../grouping/head-layer.ts';
import { t, texts, word } from '../i18n/texts.svelte.ts';
import { formatLens, type Grouping, parseLens, toggled } from './lens.ts';
import { SeenDay } from './seen-day.ts';

const HOUR_MS = 3_600_000;
const hours = (ms: number): string => (ms / HOUR_MS).toFixed(1);

export function seenThrough(source: DaySource, app: ConsoleApp, store: DayStore): SeenDay {
  texts.locale;
  const lens = parseLens(app.route.lens);
  return new SeenDay(source, lens, {
    revision: () => untrack(() => store.revision),
    words: {
      name: (group) => groupName(group, lens.group),
      load: ({ technicians, visits, workMs, shiftMs }) =>
        t('group.load', { people: technicians.length, visits, hours: hours(workMs), shift: hours(shiftMs) }),
    },
    heads: headsOf(app, store),
  });
}

/** The heads of a day stay the same elements however it is looked at, so that one keeps the focus. */
const heads = new WeakMap<DayStore, HeadLayer>();

function headsOf(app: ConsoleApp, store: DayStore): HeadLayer {
  const known = heads.get(store) ?? new HeadLayer((groupId) => fold(app, groupId));
  heads.set(store, known);
  return known;
}

export function groupName({ id, name }: Group, by: Grouping | null): string {
  if (id === '') return t(by === 'vendor' ? 'group.own' : by === 'zone' ? 'group.no_zone' : 'group.no_skill');
  return by === 'skill' ? word('skill', name) : name;
}

/** Folds the group that a technician stands in, or opens it again. */
export function foldGroupOf(app: ConsoleApp, store: DayStore, technicianId: string): void {
  const { group } = parseLens(app.route.lens);
  const technician = store.model.technician(technicianId);
  if (!group || !technician) return;
  const [found] = groupsOf(store.model, [technician], group);
  if (found) fold(app, found.id);
}

/** Folds a group or opens it again. */
export function fold(app: ConsoleApp, groupId: string): void {
  app.go({ lens: formatLens(toggled(parseLens(app.route.lens), 'folded', groupId)) }, 'replace');
}
