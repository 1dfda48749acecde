/** A vendor's month as the server tells of it. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema.d.ts';

type Schemas = components['schemas'];
export type Summary = Schemas['StatementSummary'];
export type Line = Schemas['StatementLine'];
type Statement = Schemas['Statement'];

/** As many lines as the server gives at a time. */
const PART = 500;

export class StatementsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  month(month: string): Promise<Summary[]> {
    return this.#http.get(`/api/statements/${month}`);
  }

  /** All of a month's lines, part by part; `onpart` is told how many there are by then. */
  async whole(
    month: string,
    vendorId: string,
    onpart: (shown: number, all: number) => void,
  ): Promise<{ summary: Summary; lines: Line[] }> {
    const lines: Line[] = [];
    let after: string | null = null;
    for (;;) {
      const part: Statement = await this.#http.get(`/api/statements/${month}/${vendorId}`, {
        after,
        limit: PART,
      });
      lines.push(...part.lines.items);
      if (!part.lines.next) return { summary: part.summary, lines };
      after = part.lines.next;
      onpart(lines.length, part.summary.visits);
    }
  }

  file(month: string, vendorId: string, lang: string): string {
    return `/api/statements/${month}/${vendorId}/statement.csv?lang=${lang}`;
  }
}
