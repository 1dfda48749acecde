/** An objective for tests. */

import type { Objective } from './wire.ts';

export const usualObjective = (): Objective => ({
  code: 'usual',
  name: '',
  id: null,
  prices: {
    late_fen_per_minute: 100,
    margin_fen_per_minute: 20,
    moved_fen: 1000,
    swapped_fen: 500,
    fairness_fen: 0,
    vendor_extra_fen: 0,
    unserved_percent: 100,
    most_moved: null,
  },
});
