import type { ChecklistStep } from '../../api/types.ts';
import { t } from '../i18n/texts.ts';

/** Letters and figures of full width, as Chinese keyboards type them, are taken for the plain ones. */
const plain = (text: string): string => text.trim().normalize('NFKC');

/** A comma before just three figures: one and a half for some, fifteen hundred for others. */
const GROUP_OR_DECIMALS = /^([-+]?[1-9]\d{0,2}),(\d{3})$/;

/** A figure as people type it, with a comma or a point; null when it is none, or could be one of two. */
export function parseReading(text: string): number | null {
  const typed = plain(text);
  if (GROUP_OR_DECIMALS.test(typed) || !/^[-+]?\d+([.,]\d+)?$/.test(typed)) return null;
  const value = Number(typed.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

/** Why what was typed is no figure yet. */
export function unreadText(text: string): string {
  const [, front = '', back = ''] = GROUP_OR_DECIMALS.exec(plain(text)) ?? [];
  return front
    ? t('step.two_numbers', { whole: front + back, decimal: `${front}.${back}` })
    : t('step.not_number');
}

export function isOutOfRange(step: ChecklistStep, value: number): boolean {
  return (
    (typeof step.min === 'number' && value < step.min) || (typeof step.max === 'number' && value > step.max)
  );
}

/** What to do about a figure outside its limits: a required one is never left out, so there must be another way on. */
export function outOfRangeText(step: ChecklistStep): string {
  return t(step.required ? 'step.out_of_range_required' : 'step.out_of_range');
}

/** What is normal here, in words; null when anything is. */
export function rangeText(step: ChecklistStep): string | null {
  const unit = step.unit ?? '';
  const { min, max } = step;
  if (typeof min === 'number' && typeof max === 'number') return t('step.range', { min, max, unit });
  if (typeof min === 'number') return t('step.at_least', { min, unit });
  return typeof max === 'number' ? t('step.at_most', { max, unit }) : null;
}
