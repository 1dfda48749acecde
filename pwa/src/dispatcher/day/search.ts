/** Finds visits by what a dispatcher has at hand: number, name, address, product, technician. */

import type { Visit } from './visit.ts';

export interface Searchable {
  readonly visit: Visit;
  readonly technicianName: string;
}

const LIMIT = 50;

/** Every word must occur somewhere; matches on the job number come first, then by time. */
export function searchVisits(items: Iterable<Searchable>, query: string): Visit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: { visit: Visit; rank: number }[] = [];
  for (const { visit, technicianName } of items) {
    const text = haystack(visit, technicianName);
    if (!words.every((word) => text.includes(word))) continue;
    const byNumber = words.some((word) => visit.number.toLowerCase().endsWith(word));
    found.push({ visit, rank: byNumber ? 0 : 1 });
  }
  found.sort((a, b) => a.rank - b.rank || start(a.visit) - start(b.visit));
  return found.slice(0, LIMIT).map(({ visit }) => visit);
}

const start = (visit: Visit): number => visit.planned?.startMs ?? Number.POSITIVE_INFINITY;

function haystack(visit: Visit, technicianName: string): string {
  const { number, customerName, address, community, productName, productNameEn } = visit;
  const words = [number, customerName, address, community, productName, productNameEn, technicianName];
  return words.join(' ').toLowerCase();
}
