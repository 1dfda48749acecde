/** Finding a job in the list of those nobody has. */

import type { Waiting } from './wire.ts';

/** Jobs that have every word somewhere: in the name, number or community. */
export function matching(all: readonly Waiting[], query: string): readonly Waiting[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all;
  return all.filter(({ customer_name, number, community }) => {
    const text = `${customer_name} ${number} ${community}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
