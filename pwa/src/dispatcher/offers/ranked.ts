/** The ranking in words: what speaks for somebody, and what they would cost. */

import { distance, money } from '../../i18n/format.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { t } from '../i18n/texts.svelte.ts';
import type { RankedRead } from './wire.ts';

/** Who is meant: a technician, or a vendor that sends its own. */
export const whoOf = ({
  technician_id,
  vendor_id,
}: {
  technician_id: string | null;
  vendor_id: string | null;
}): string => technician_id ?? vendor_id ?? '';

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** `¥96.00 · from 10:15 · 3.2 km · 4 visits that day` */
export function reasonsFor({ vendor_id, start, why }: RankedRead, clock: ZoneClock): string {
  const told: { price_fen?: unknown; distance_m?: unknown; visits?: unknown } = why;
  const [price_fen, distance_m, visits] = [told.price_fen, told.distance_m, told.visits].map(numberOf);
  const parts = [price_fen == null ? '' : money(price_fen)];
  if (vendor_id) parts.push(t('offer.sends_own'));
  if (start) parts.push(t('offer.from', { time: clock.time(Date.parse(start)) }));
  if (distance_m != null) parts.push(distance(distance_m));
  if (visits != null) parts.push(t('offer.visits', { count: visits }));
  return parts.filter(Boolean).join(' · ');
}
