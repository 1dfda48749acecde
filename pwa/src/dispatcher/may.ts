/** What a role may do in the console; the server decides, this only keeps doors shut that lead nowhere. */

import type { Role } from '../api/types.ts';

export type Right = 'board' | 'intake' | 'plan' | 'import' | 'locate' | 'share' | 'offer' | 'answer';

const OFFICE: readonly Right[] = ['board', 'intake', 'locate', 'share', 'import'];

const RIGHTS: Readonly<Partial<Record<Role, readonly Right[]>>> = {
  admin: [...OFFICE, 'plan', 'offer'],
  dispatcher: [...OFFICE, 'plan', 'offer'],
  agent: OFFICE,
  vendor_dispatcher: ['board', 'answer'],
};

export const may = (role: Role | undefined, right: Right): boolean =>
  role !== undefined && (RIGHTS[role]?.includes(right) ?? false);
