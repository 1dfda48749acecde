/** Months as `2026-11`, and where a statement of one stands in the address: `2026-11` or `2026-11/<vendor>`. */

const MONTH = /^2[01]\d{2}-(0[1-9]|1[0-2])$/;

export interface Chosen {
  readonly month: string;
  readonly vendorId: string | null;
}

export const monthOf = (day: string): string => day.slice(0, 7);

export function plusMonths(month: string, count: number): string {
  const at = new Date(`${month}-01`);
  at.setUTCMonth(at.getUTCMonth() + count);
  return at.toISOString().slice(0, 7);
}

/** What the address asks for; the present month where it asks for none that there is. */
export function chosenOf(part: string | null, present: string): Chosen {
  const [month = '', vendorId] = (part ?? '').split('/');
  return MONTH.test(month) ? { month, vendorId: vendorId || null } : { month: present, vendorId: null };
}

/** `2026年11月` or `November 2026`. */
export const monthName = (month: string, locale: string): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(`${month}-01`));
