/** The words of a visit and a technician as the board shows and reads them out. */

import type { Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t, texts, word } from '../i18n/texts.svelte.ts';
import type { BoardWords } from './board-words.ts';
import { objectionText } from './objection-text.ts';

/** The most exact word: why it needs action rather than that it does. */
export function stateWord(visit: Visit): string {
  const state = visitState(visit);
  if (visit.status === 'cancelled') return t('status.cancelled');
  if (state === 'at_risk') return t('state.at_risk');
  if (state === 'failed' && visit.late && !HAS_FAILED.has(visit.status)) return t('visit.late');
  return word('status', visit.status);
}

const HAS_FAILED: ReadonlySet<string> = new Set([
  'declined',
  'no_show',
  'customer_absent',
  'needs_part',
  'to_workshop',
]);

/** The product's name in the language in use. */
export function productText(visit: Visit): string {
  return texts.locale === 'en' ? visit.productNameEn : visit.productName;
}

export function windowText(visit: Visit, clock: ZoneClock): string {
  return visit.window ? clock.range(visit.window.startMs, visit.window.endMs) : t('visit.no_window');
}

function details(visit: Visit, clock: ZoneClock): string {
  const { planned } = visit;
  const parts = [
    planned ? clock.range(planned.startMs, planned.endMs) : '',
    productText(visit),
    t('visit.promised', { window: windowText(visit, clock) }),
    visit.lockTechnician || visit.lockTime ? t('visit.locked') : '',
  ];
  return parts.filter(Boolean).join(t('list.separator'));
}

function load(technician: Technician, row: readonly Visit[]): string {
  if (!technician.shift) return t('technician.off');
  const busyMs = row.reduce((sum, { planned }) => sum + (planned ? planned.endMs - planned.startMs : 0), 0);
  return t('technician.load', { visits: row.length, hours: (busyMs / 3_600_000).toFixed(1) });
}

export function boardWords(clock: ZoneClock): BoardWords {
  return {
    state: stateWord,
    details: (visit) => details(visit, clock),
    load,
    pause: t('board.pause'),
    objection: objectionText,
  };
}
