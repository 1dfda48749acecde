/** Finds visits by what a dispatcher has at hand: number, name, address, product, technician. */

import type { Visit } from './visit.ts';

export interface Searchable {
  readonly visit: Visit;
  readonly technicianName: string;
}

const LIMIT = 50;

/** Every word must occur somewhere; matches on the job number come first, then by time. */
export function searchVisits(items: Iterable<Searchable>, query: string): Visit[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  const found: { visit: Visit; rank: number }[] = [];
  for (const item of items) {
    const { visit } = item;
    if (!hasAll(item, words)) continue;
    const byNumber = words.some((word) => visit.number.toLowerCase().endsWith(word));
    found.push({ visit, rank: byNumber ? 0 : 1 });
  }
  found.sort((a, b) => a.rank - b.rank || start(a.visit) - start(b.visit));
  return found.slice(0, LIMIT).map(({ visit }) => visit);
}

const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether every word of `query` occurs somewhere in what is known of the visit. */
export const hasWords = (item: Searchable, query: string): boolean => hasAll(item, wordsOf(query));

function hasAll({ visit, technicianName }: Searchable, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = haystack(visit, technicianName);
  return words.every((word) => text.includes(word));
}

const start = (visit: Visit): number => visit.planned?.startMs ?? Number.POSITIVE_INFINITY;

function haystack(visit: Visit, technicianName: string): string {
  const { number, customerName, address, community, productName, productNameEn } = visit;
  const words = [number, customerName, address, community, productName, productNameEn, technicianName];
  return words.join(' ').toLowerCase();
}
