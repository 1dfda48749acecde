import type { AnswerValue, Bilingual, ChecklistStep, JobSheet } from '../../api/types.ts';
import type { Locale } from '../../i18n/catalog.ts';
import { agreedWork } from '../extras/agreed.ts';
import type { Canonical } from './canonical-json.ts';

export interface SnapshotPart {
  sku: string;
  name: string;
  qty: number;
  unit_price_fen: number;
  amount_fen: number;
}

export interface SnapshotWork {
  key: string;
  title: string;
  value: string;
}

/** Extra work agreed on site, with the fingerprint of the quote it was agreed in. */
export interface SnapshotExtra {
  code: string;
  name: string;
  qty: number;
  unit_price_fen: number;
  amount_fen: number;
  quote: string;
}

/** What the customer signs: nothing on the screen that is not in here, and nothing in here that is not on the screen. */
export type AcceptanceSnapshot = {
  /** 2 where extra work was agreed. */
  v: 1 | 2;
  job_id: string;
  job_number: string;
  visit_id: string | null;
  technician: string;
  customer: string;
  address: string;
  product: string;
  serial: string | null;
  work: SnapshotWork[];
  parts: SnapshotPart[];
  labour_fen: number;
  parts_fen: number;
  total_fen: number;
  currency: string;
  language: Locale;
  prepared_at: string;
  extras?: SnapshotExtra[];
  extras_fen?: number;
};

export interface SnapshotContext {
  technician: string;
  language: Locale;
  prepared_at: string;
  /** A part's name in the language of the snapshot, where this phone knows it. */
  partName?: (sku: string) => string | null;
}

const YES_NO = { 'zh-CN': ['是', '否'], en: ['Yes', 'No'] } as const;

/** What has no English words yet is named in Chinese, as the server does. */
function inWords({ zh, en }: Bilingual, language: Locale): string {
  return (language === 'zh-CN' ? zh : en) || zh;
}

/** An answer as the customer reads it; figures become text, because snapshots hold no fractions. */
export function answerText(step: ChecklistStep, value: AnswerValue, language: Locale): string {
  if (step.kind === 'check') return YES_NO[language][value ? 0 : 1];
  if (step.kind === 'reading' && step.unit) return `${value} ${step.unit}`;
  const choice = step.choices?.find((one) => one.value === value);
  if (choice) return inWords(choice, language);
  return String(value);
}

function workOf(job: JobSheet, language: Locale): SnapshotWork[] {
  return job.checklist.flatMap((step) => {
    const value = job.answers[step.key];
    if (value === undefined) return [];
    return [
      { key: step.key, title: inWords(step.title, language), value: answerText(step, value, language) },
    ];
  });
}

function extrasOf(job: JobSheet, language: Locale): SnapshotExtra[] {
  return agreedWork(job).map(({ quote, line }) => ({
    code: line.code,
    name: (language === 'zh-CN' ? line.name : line.name_en) || line.name,
    qty: line.qty,
    unit_price_fen: line.unit_price_fen,
    amount_fen: line.amount_fen,
    quote: quote.sha256,
  }));
}

export function prepareSnapshot(job: JobSheet, context: SnapshotContext): AcceptanceSnapshot {
  const parts = job.parts_used.map(({ sku, name: known, qty, unit_price_fen }) => {
    const name = context.partName?.(sku) || known;
    return { sku, name, qty, unit_price_fen, amount_fen: qty * unit_price_fen };
  });
  const parts_fen = parts.reduce((sum, part) => sum + part.amount_fen, 0);
  const { labour_fen, currency } = job.price;
  const extras = extrasOf(job, context.language);
  const extras_fen = extras.reduce((sum, line) => sum + line.amount_fen, 0);
  return {
    v: extras.length > 0 ? 2 : 1,
    job_id: job.id,
    job_number: job.number,
    visit_id: job.visit_id,
    technician: context.technician,
    customer: job.customer.name,
    address: job.place.address,
    product: context.language === 'zh-CN' ? job.product.name : job.product.name_en || job.product.name,
    serial: job.asset?.serial ?? null,
    work: workOf(job, context.language),
    parts,
    labour_fen,
    parts_fen,
    total_fen: labour_fen + parts_fen + extras_fen,
    currency,
    language: context.language,
    prepared_at: context.prepared_at,
    ...(extras.length > 0 && { extras, extras_fen }),
  };
}

/** A snapshot is plain JSON data by construction. */
export function asCanonical(snapshot: AcceptanceSnapshot): Canonical {
  return snapshot as unknown as Canonical;
}
