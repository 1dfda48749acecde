/** The jobs chosen together, beside the one whose details are open. */

export class Picks {
  ids = $state.raw<ReadonlySet<string>>(new Set());

  get isMany(): boolean {
    return this.ids.size > 1;
  }

  readonly has = (jobId: string): boolean => this.ids.has(jobId);

  /** Takes one in or out; `also` is what was chosen alone before. */
  toggle(jobId: string, also: string | null = null): void {
    const next = new Set(this.ids);
    if (next.size === 0 && also) next.add(also);
    if (!next.delete(jobId)) next.add(jobId);
    this.ids = next;
  }

  add(jobIds: Iterable<string>): void {
    this.ids = new Set([...this.ids, ...jobIds]);
  }

  clear(): void {
    if (this.ids.size > 0) this.ids = new Set();
  }
}
