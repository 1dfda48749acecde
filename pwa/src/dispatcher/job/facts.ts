/** Figures that came with a decision, in words: money as yuan, seconds as minutes, ids as names. */

import { money } from '../../i18n/format.ts';
import type { DaySource } from '../day/day-source.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t, word } from '../i18n/texts.svelte.ts';

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Null for what says nothing to a person: empty values and bare ids of things not on the board. */
export function factText(name: string, value: unknown, source: DaySource, clock: ZoneClock): string | null {
  const shown = valueText(name, value, source, clock);
  return shown === null ? null : t('why.fact', { name: word('fact', name), value: shown });
}

function valueText(name: string, value: unknown, source: DaySource, clock: ZoneClock): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? t('fact.yes') : t('fact.no');
  if (typeof value === 'number') return numberText(name, value);
  if (typeof value === 'string') return stringText(name, value, source, clock);
  if (Array.isArray(value)) return listText(name, value, source, clock);
  return objectText(value as Record<string, unknown>);
}

function numberText(name: string, value: number): string {
  if (name.endsWith('_fen') || name.endsWith('_cents')) return money(Math.round(value));
  if (name.endsWith('_s')) return t('fact.minutes', { minutes: Math.round(value / 60) });
  if (name.endsWith('_m')) return t('fact.km', { km: (value / 1000).toFixed(1) });
  return String(value);
}

function stringText(name: string, value: string, source: DaySource, clock: ZoneClock): string {
  if (ISO_INSTANT.test(value)) return clock.time(Date.parse(value));
  const technician = source.technician(value);
  if (technician) return technician.name;
  return name === 'skill' || name === 'skills' ? word('skill', value) : word('fact_value', value);
}

function listText(name: string, values: unknown[], source: DaySource, clock: ZoneClock): string | null {
  const texts = values.map((value) => valueText(name, value, source, clock)).filter((text) => text !== null);
  return texts.length > 0 ? texts.join(t('list.separator')) : null;
}

/** A mapping of name to figure, such as skill to level. */
function objectText(value: Record<string, unknown>): string | null {
  const entries = Object.entries(value).filter(([, figure]) => typeof figure !== 'object');
  if (entries.length === 0) return null;
  return entries
    .map(([name, figure]) => `${word('skill', name)} ${String(figure)}`)
    .join(t('list.separator'));
}
