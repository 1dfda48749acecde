/** Splits a row into lanes where planned visits overlap, so that none hides another. */

import type { Span } from '../day/visit.ts';

export interface Laned<T> {
  readonly item: T;
  readonly lane: number;
  /** Lanes of the cluster of overlapping items this one belongs to. */
  readonly lanes: number;
}

/** Greedy interval colouring: the first free lane, cluster by cluster; items in order of start. */
export function lanes<T>(items: readonly T[], spanOf: (item: T) => Span): Laned<T>[] {
  const sorted = [...items].sort((a, b) => spanOf(a).startMs - spanOf(b).startMs);
  const laid: Laned<T>[] = [];
  let cluster: { item: T; lane: number }[] = [];
  let laneEnds: number[] = [];
  let clusterEnd = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    for (const entry of cluster) laid.push({ ...entry, lanes: laneEnds.length });
    cluster = [];
    laneEnds = [];
  };
  for (const item of sorted) {
    const { startMs, endMs } = spanOf(item);
    if (startMs >= clusterEnd) close();
    const free = laneEnds.findIndex((end) => end <= startMs);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = endMs;
    clusterEnd = cluster.length === 0 ? endMs : Math.max(clusterEnd, endMs);
    cluster.push({ item, lane });
  }
  close();
  return laid;
}
