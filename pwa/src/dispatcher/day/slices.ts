/** Long work in pieces short enough that nobody notices them. */

const AT_ONCE = 400;

export async function inSlices<A, B>(
  items: readonly A[],
  between: () => Promise<void>,
  make: (item: A, at: number) => B,
): Promise<B[]> {
  const made: B[] = [];
  for (let at = 0; at < items.length; at += 1) {
    if (at > 0 && at % AT_ONCE === 0) await between();
    made.push(make(items[at] as A, at));
  }
  return made;
}
