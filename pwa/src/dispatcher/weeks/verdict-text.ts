/** A verdict in words: for the bar below the week, and short for a cell. */

import { dayName, money } from '../../i18n/format.ts';
import type { Span } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t, texts, word } from '../i18n/texts.svelte.ts';
import type { Refusal, Verdict } from './verdict.ts';
import { isWeekWord, say, type Values } from './words.ts';

export interface Place {
  readonly day: string;
  readonly clock: ZoneClock;
  /** What is promised now. */
  readonly promised: Span;
}

export const dayText = (day: string, clock: ZoneClock): string =>
  dayName(clock.instant(day, 12), texts.locale, clock.zone);

export function refusalText(refusal: Refusal): string {
  const { skill, ...values } = refusal as Refusal & { skill?: string };
  if (isWeekWord(refusal.code)) {
    return say(refusal.code, { ...(values as Values), skill: skill ? word('skill', skill) : '' });
  }
  const key = `reason.${refusal.code}`;
  const text = t(key as 'reason.no_room');
  return text === key ? say('no_place') : text;
}

export function verdictText(verdict: Verdict, { day, clock, promised }: Place): string {
  switch (verdict.kind) {
    case 'refused':
      return refusalText(verdict.refusal);
    case 'nobody': {
      const { startMs, endMs } = verdict.window;
      return say('nobody', { day: dayText(day, clock), window: clock.range(startMs, endMs) });
    }
    case 'fits': {
      const { chosen } = verdict;
      const [startMs, endMs] = [Date.parse(chosen.window.start), Date.parse(chosen.window.end)];
      return say(startMs === promised.startMs ? 'fits_same' : 'fits', {
        start: clock.time(Date.parse(chosen.start)),
        price: money(chosen.price_fen),
        day: dayText(day, clock),
        window: clock.range(startMs, endMs),
      });
    }
    default:
      return say(verdict.kind);
  }
}

/** What a cell shows instead of its load while a visit is held over its day; null where it cannot go, or nothing is known. */
export function cellText(verdict: Verdict, clock: ZoneClock): string | null {
  if (verdict.kind !== 'fits') return null;
  return `${clock.time(Date.parse(verdict.chosen.start))} ${money(verdict.chosen.price_fen)}`;
}
