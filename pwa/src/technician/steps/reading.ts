import type { ChecklistStep } from '../../api/types.ts';
import { t } from '../i18n/texts.ts';

/** A figure as people type it, with a comma or a point; null when it is none. */
export function parseReading(text: string): number | null {
  const plain = text.trim().replace(/[，,]/, '.').replace('．', '.');
  if (!/^[-+]?\d+(\.\d+)?$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
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
