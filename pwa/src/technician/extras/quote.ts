import type { ExtraWork, JobSheet, VanPart } from '../../api/types.ts';
import type { Locale } from '../../i18n/catalog.ts';
import type { QuotedLine, QuoteSnapshot } from '../../sync/operation.ts';

/** Something the technician can put on a quote. */
export interface Article {
  kind: QuotedLine['kind'];
  code: string;
  name: string;
  name_en: string;
  unit_price_fen: number;
}

export interface QuoteContext {
  quote_id: string;
  technician: string;
  language: Locale;
  prepared_at: string;
}

export const MOST = 99;

export const keyOf = ({ kind, code }: { kind: string; code: string }) => `${kind}/${code}`;

/** Work for this product, then parts of the van; all of whose words are in the query's reach. */
export function articlesFor(
  job: JobSheet,
  works: readonly ExtraWork[],
  van: readonly VanPart[],
  query: string,
): Article[] {
  const fitting = works.filter((work) => work.category === '' || work.category === job.product.category);
  const all: Article[] = [
    ...fitting.map((work) => ({ ...work, kind: 'work' as const })),
    ...van.map((part) => ({ ...part, kind: 'part' as const, code: part.sku })),
  ];
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ code, name, name_en }) => {
    const text = `${code} ${name} ${name_en}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function nameOf(article: Article, language: Locale): string {
  return (language === 'zh-CN' ? article.name : article.name_en) || article.name;
}

/** The lines of what was chosen, in the order it was chosen. */
export function linesOf(
  chosen: readonly { article: Article; qty: number }[],
  language: Locale,
): QuotedLine[] {
  return chosen.map(({ article, qty }) => ({
    kind: article.kind,
    code: article.code,
    name: nameOf(article, language),
    qty,
    unit_price_fen: article.unit_price_fen,
    amount_fen: qty * article.unit_price_fen,
  }));
}

/** What the customer answers: nothing on the screen that is not in here. */
export function prepareQuote(
  job: JobSheet,
  lines: readonly QuotedLine[],
  context: QuoteContext,
): QuoteSnapshot {
  return {
    v: 1,
    kind: 'extra_work',
    quote_id: context.quote_id,
    job_id: job.id,
    job_number: job.number,
    visit_id: job.visit_id ?? '',
    technician: context.technician,
    customer: job.customer.name,
    address: job.place.address,
    lines: [...lines],
    total_fen: lines.reduce((sum, line) => sum + line.amount_fen, 0),
    currency: job.price.currency,
    language: context.language,
    prepared_at: context.prepared_at,
  };
}
