import type { VanPart } from '../../api/types.ts';
import type { Operation } from '../../sync/operation.ts';
import type { JobRow } from '../../sync/ports.ts';

function add(changes: Map<string, number>, sku: string, qty: number): void {
  changes.set(sku, (changes.get(sku) ?? 0) + qty);
}

/** Pieces taken from and put back into the van that the server has not counted yet. */
function uncounted(queue: readonly Operation[], rows: readonly JobRow[]): Map<string, number> {
  const counted = new Map(rows.flatMap((row) => row.base.parts_used).map((part) => [part.id, part]));
  const taken = new Map<string, { sku: string; qty: number }>();
  const changes = new Map<string, number>();
  for (const operation of queue) {
    if (operation.state !== 'queued') continue;
    if (operation.kind === 'use_part' && !counted.has(operation.payload.use_id)) {
      const { use_id, sku, qty } = operation.payload;
      taken.set(use_id, { sku, qty });
      add(changes, sku, -qty);
    }
    if (operation.kind === 'return_part') {
      const part = counted.get(operation.payload.use_id) ?? taken.get(operation.payload.use_id);
      if (part) add(changes, part.sku, part.qty);
    }
  }
  return changes;
}

/** What is in the van now: the server's count, less what was used since and not told yet. */
export function vanNow(
  van: readonly VanPart[],
  queue: readonly Operation[],
  rows: readonly JobRow[],
): VanPart[] {
  const changes = uncounted(queue, rows);
  return van.map((part) => ({ ...part, qty: Math.max(0, part.qty + (changes.get(part.sku) ?? 0)) }));
}

/** Parts whose name, code or barcode contains every word of the query; those this job expects come first. */
export function findParts(van: readonly VanPart[], query: string, expected: ReadonlySet<string>): VanPart[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = van.filter((part) => {
    const text = `${part.sku} ${part.name} ${part.name_en} ${part.barcode}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = (part: VanPart) => (expected.has(part.sku) ? 0 : 2) + (part.qty > 0 ? 0 : 1);
  return [...found].sort((a, b) => rank(a) - rank(b) || (a.sku < b.sku ? -1 : 1));
}

/** The part a scanned code stands for: its barcode (scanners read UPC with or without a leading zero) or its SKU. */
export function partWithCode(van: readonly VanPart[], code: string): VanPart | undefined {
  const plain = (text: string) => text.trim().toUpperCase().replace(/^0+/, '');
  const wanted = plain(code);
  return van.find((part) => wanted !== '' && (plain(part.barcode) === wanted || plain(part.sku) === wanted));
}
