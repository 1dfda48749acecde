import type { JobSheet } from '../../api/types.ts';
import type { Operation } from '../../sync/operation.ts';
import { apply } from '../../sync/replay.ts';
import { answerText } from '../acceptance/snapshot.ts';
import { inLanguage, t, texts } from '../i18n/texts.ts';
import { causeOf } from '../job/job-facts.ts';

/** What the technician recorded and what the system has, in words; null where there is nothing to compare. */
export interface BothValues {
  mine: string;
  theirs: string;
}

function statusText(job: JobSheet): string {
  return t(`status.${job.status}`);
}

function answers(job: JobSheet, mine: JobSheet, key: string): BothValues {
  const step = job.checklist.find((one) => one.key === key);
  const shown = (sheet: JobSheet) => {
    const value = sheet.answers[key];
    if (value === undefined || !step) return t('step.unanswered');
    return step.kind === 'photo' ? t('sign.photo_taken') : answerText(step, value, texts.locale);
  };
  return { mine: shown(mine), theirs: shown(job) };
}

/** `job` is the sheet as the server last told it; `isGone` when it tells this phone no more of it. */
export function bothValues(
  operation: Operation,
  job: JobSheet | undefined,
  isGone = false,
): BothValues | null {
  if (!job) return null;
  const both = compare(operation, job);
  return both && isGone ? { ...both, theirs: t('unsent.not_yours') } : both;
}

function faultText(job: JobSheet): string {
  const cause = causeOf(job);
  return [cause && inLanguage(cause.title), job.fault_code].filter(Boolean).join(' · ') || '—';
}

function compare(operation: Operation, job: JobSheet): BothValues | null {
  const mine = apply(job, operation);
  if (operation.kind === 'answer') return answers(job, mine, operation.payload.step);
  if (operation.kind === 'note') return { mine: mine.note, theirs: job.note || '—' };
  if (operation.kind === 'serial')
    return { mine: operation.payload.serial, theirs: job.asset?.serial || '—' };
  if (operation.kind === 'diagnose' && operation.failure?.code === 'edited_by_both')
    return { mine: faultText(mine), theirs: faultText(job) };
  return mine.status === job.status ? null : { mine: statusText(mine), theirs: statusText(job) };
}
