import type { Locale } from './catalog.ts';

const cache = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  let format = cache.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    cache.set(key, format);
  }
  return format;
}

type Instant = string | number | Date;

/** `09:30` in the site's zone, 24-hour in every language. */
export function clockTime(at: Instant, zone: string): string {
  return dateFormat('en', zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(at),
  );
}

/** `10:00–12:00` in the site's zone. */
export function clockRange(range: { start: Instant; end: Instant }, zone: string): string {
  return `${clockTime(range.start, zone)}–${clockTime(range.end, zone)}`;
}

/** `11月23日 星期一` / `Mon, 23 Nov`. */
export function dayName(at: Instant, locale: Locale, zone: string): string {
  const date = new Date(at);
  if (locale === 'en') {
    return dateFormat('en-GB', zone, { month: 'short', day: 'numeric', weekday: 'short' }).format(date);
  }
  const day = dateFormat(locale, zone, { month: 'long', day: 'numeric' }).format(date);
  return `${day} ${dateFormat(locale, zone, { weekday: 'long' }).format(date)}`;
}

/** `2026-11-23` in the site's zone. */
export function isoDay(at: Instant, zone: string): string {
  return dateFormat('sv-SE', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(at),
  );
}

let ownCurrency = 'CNY';

/** From now on, amounts of which nothing else is said are in the currency of whoever is signed in. */
export function countIn(currency: string): void {
  ownCurrency = currency;
}

/** What stands before an amount in a currency: its sign where everybody knows it, its code otherwise. */
export function moneyUnit(currency = ownCurrency): string {
  return currency === 'CNY' ? '¥' : currency;
}

/** `¥1,128.00` from integer minor units, grouped alike in both languages. */
export function money(amount_fen: number, currency = ownCurrency): string {
  const sign = amount_fen < 0 ? '−' : '';
  const unit = moneyUnit(currency);
  const symbol = unit.length > 1 ? `${unit} ` : unit;
  const fen = Math.abs(amount_fen);
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${symbol}${whole}.${String(fen % 100).padStart(2, '0')}`;
}

/** `850 m`, `3.2 km`, `18 km`. */
export function distance(length_m: number): string {
  const rounded_m = Math.round(length_m / 10) * 10;
  if (rounded_m < 1000) return `${rounded_m} m`;
  const km = length_m / 1000;
  return `${km < 10 ? km.toFixed(1) : Math.round(km)} km`;
}
