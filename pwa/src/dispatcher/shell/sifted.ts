/** What of a long list is looked at: the rows with every word that is sought, a part of them at a time. */

export interface Sifted<T> {
  readonly shown: readonly T[];
  /** How many there are with these words, shown or not. */
  readonly found: number;
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

export function sifted<T>(
  all: readonly T[],
  sought: string,
  most: number,
  textOf: (one: T) => string,
): Sifted<T> {
  const words = folded(sought).split(/\s+/).filter(Boolean);
  const fits = (one: T): boolean => {
    const text = folded(textOf(one));
    return words.every((word) => text.includes(word));
  };
  const found = words.length > 0 ? all.filter(fits) : all;
  return { shown: found.slice(0, most), found: found.length };
}
