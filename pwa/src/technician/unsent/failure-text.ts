import type { ChecklistStep } from '../../api/types.ts';
import type { Failure, Operation } from '../../sync/operation.ts';
import { inLanguage, t } from '../i18n/texts.ts';

const KNOWN = [
  'transition_refused',
  'not_found',
  'steps_missing',
  'snapshot_differs',
  'blob_missing',
  'bad_answer',
  'unknown_part',
  'already_signed',
  'not_an_image',
  'file_missing',
  'extra_not_agreed',
  'already_answered',
  'edited_by_both',
  'serial_taken',
] as const;

type Known = (typeof KNOWN)[number];

export function failureText({ code, message }: Failure): string {
  const known = KNOWN.find((one): one is Known => one === code);
  if (known) return t(`failure.${known}`);
  return message ? `${t('failure.other')}（${message}）` : t('failure.other');
}

/** What the technician did, in a line: `检查项 · 压力 0.85`. */
export function operationText(operation: Operation, checklist: readonly ChecklistStep[]): string {
  const name = t(`kind.${operation.kind}`);
  if (operation.kind === 'answer') {
    const step = checklist.find((one) => one.key === operation.payload.step);
    return step ? `${name} · ${inLanguage(step.title)}` : name;
  }
  if (operation.kind === 'use_part') {
    const { sku, qty } = operation.payload;
    return `${name} · ${operation.hint?.name ?? sku} × ${qty}`;
  }
  return name;
}

/** When it was, by the server's clock as far as it was known then. */
export function happenedAt({ device_at, skew_ms = 0 }: Operation): number {
  return Date.parse(device_at) + skew_ms;
}
