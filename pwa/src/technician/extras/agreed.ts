import type { ExtraQuote, JobSheet } from '../../api/types.ts';

type Line = ExtraQuote['lines'][number];

/** Quotes the customer signed and that stand. */
export function agreedQuotes(job: JobSheet): ExtraQuote[] {
  return (job.extras ?? []).filter((quote) => quote.state === 'agreed');
}

/** Agreed lines of work. Agreed parts are charged where parts are: when they are used. */
export function agreedWork(job: JobSheet): { quote: ExtraQuote; line: Line }[] {
  return agreedQuotes(job).flatMap((quote) =>
    quote.lines.filter((line) => line.kind === 'work').map((line) => ({ quote, line })),
  );
}

export function extrasFen(job: JobSheet): number {
  return agreedWork(job).reduce((sum, { line }) => sum + line.amount_fen, 0);
}

/** Pieces of each part this job is expected to need: those of the order and those agreed on site. */
export function expectedParts(job: JobSheet): Map<string, number> {
  const expected = new Map(job.parts_expected.map((part) => [part.sku, part.qty]));
  for (const quote of agreedQuotes(job))
    for (const { kind, code, qty } of quote.lines)
      if (kind === 'part') expected.set(code, (expected.get(code) ?? 0) + qty);
  return expected;
}
