/** Rules that two people change at once: each keeps what they touched, and what both touched is named. */

export interface Merged<R> {
  readonly rules: R;
  /** What both changed, to different things; `rules` has ours. */
  readonly both: readonly (keyof R)[];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `base` is what we began with, `ours` what we made of it, `theirs` what the server has by now. */
export function merged<R extends object>(base: R, ours: R, theirs: R): Merged<R> {
  const touched = (Object.keys(ours) as (keyof R)[]).filter((key) => !isSame(base[key], ours[key]));
  const rules = { ...theirs };
  for (const key of touched) rules[key] = ours[key];
  const both = touched.filter((key) => !isSame(base[key], theirs[key]) && !isSame(ours[key], theirs[key]));
  return { rules, both };
}
