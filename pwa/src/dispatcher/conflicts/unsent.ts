/** A look into the file a phone exported, before anything of it is taken in. */

export interface Unsent {
  /** The file as it is, to be sent. */
  readonly work: unknown;
  readonly name: string | null;
  readonly exportedAt: string | null;
  /** Steps by kind, the most frequent first. */
  readonly kinds: readonly (readonly [string, number])[];
  readonly operations: number;
  readonly files: number;
  readonly quarantined: number;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Null for a file that is no unsent work. */
export function readUnsent(text: string): Unsent | null {
  const work = parsed(text);
  if (work?.format !== 'shangmen-unsent-work' || !Array.isArray(work.operations)) return null;
  const counts = new Map<string, number>();
  for (const operation of work.operations as { kind?: unknown }[]) {
    const kind = textOf(operation?.kind) ?? '?';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const technician = work.technician as { name?: unknown } | null | undefined;
  return {
    work,
    name: textOf(technician?.name),
    exportedAt: textOf(work.exported_at),
    kinds: [...counts].sort((one, other) => other[1] - one[1]),
    operations: work.operations.length,
    files: listOf(work.files).length,
    quarantined: listOf(work.quarantined).length,
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
