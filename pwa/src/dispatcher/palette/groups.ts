/** What was found, in the order it is shown and walked through with the arrows. */

import type { Command, commandsFor } from './commands.ts';
import type { CustomerHit, Found, Hit, TechnicianHit } from './wire.ts';

export type Row =
  | { readonly kind: 'commands'; readonly id: string; readonly command: Command }
  | { readonly kind: 'technicians'; readonly id: string; readonly technician: TechnicianHit }
  | { readonly kind: 'jobs'; readonly id: string; readonly hit: Hit }
  | { readonly kind: 'customers'; readonly id: string; readonly customer: CustomerHit };

export interface Group {
  readonly kind: Row['kind'];
  /** Each with its place among all rows. */
  readonly rows: readonly { readonly row: Row; readonly at: number }[];
}

export const NOTHING: Found = { jobs: [], technicians: [], customers: [] };

/** Screens and people are few and meant by name, so they come before the jobs. */
export function rowsOf(found: Found, commands: ReturnType<typeof commandsFor>): Row[] {
  return [
    ...commands.map((command): Row => ({ kind: 'commands', id: command.id, command })),
    ...found.technicians.map(
      (technician): Row => ({ kind: 'technicians', id: technician.technician_id, technician }),
    ),
    ...found.jobs.map((hit): Row => ({ kind: 'jobs', id: hit.job_id, hit })),
    ...found.customers.map((customer): Row => ({ kind: 'customers', id: customer.customer_id, customer })),
  ];
}

export function grouped(rows: readonly Row[]): Group[] {
  const groups = new Map<Row['kind'], { row: Row; at: number }[]>();
  rows.forEach((row, at) => {
    const same = groups.get(row.kind);
    if (same) same.push({ row, at });
    else groups.set(row.kind, [{ row, at }]);
  });
  return [...groups].map(([kind, members]) => ({ kind, rows: members }));
}
