/** An objective in words: its name, and what each of its prices means on a real day. */

import { money } from '../../i18n/format.ts';
import type { Objective, Prices } from './wire.ts';
import { called, say } from './words.ts';

/** Two days of 10 and 6 hours have 8 squared hours more than two of 8. */
const UNEVEN_SQUARED_HOURS = 100 + 36 - 2 * 64;

export const objectiveName = ({ code, name }: Objective): string => name || called('objective', code);

/** `1 minute after a promised window costs ¥1.00.`, and so on: one sentence a price. */
export function priceSentences(prices: Prices): string[] {
  const { fairness_fen, vendor_extra_fen, most_moved } = prices;
  return [
    say('price.late_fen_per_minute', { amount: money(prices.late_fen_per_minute) }),
    say('price.margin_fen_per_minute', { amount: money(prices.margin_fen_per_minute) }),
    say('price.moved_fen', { amount: money(prices.moved_fen), more: money(2 * prices.moved_fen) }),
    say('price.swapped_fen', { amount: money(prices.swapped_fen), more: money(3 * prices.swapped_fen) }),
    fairness_fen
      ? say('price.fairness_fen', { amount: money(UNEVEN_SQUARED_HOURS * fairness_fen) })
      : say('price.fairness_none'),
    vendor_extra_fen
      ? say('price.vendor_extra_fen', { amount: money(vendor_extra_fen) })
      : say('price.vendor_extra_none'),
    say('price.unserved_percent', { percent: prices.unserved_percent }),
    most_moved === null ? say('price.most_moved_any') : say('price.most_moved', { count: most_moved }),
  ];
}
