/** What a role may do in the console; the server decides, this only keeps doors shut that lead nowhere. */

import type { Role } from '../api/types.ts';

export type Right =
  | 'board'
  | 'intake'
  | 'plan'
  | 'import'
  | 'locate'
  | 'share'
  | 'offer'
  | 'answer'
  | 'people'
  | 'statements';

const OFFICE: readonly Right[] = ['board', 'intake', 'locate', 'share', 'import'];

/** Of whoever has people of their own. */
const RUN: readonly Right[] = ['people', 'statements'];

const RIGHTS: Readonly<Partial<Record<Role, readonly Right[]>>> = {
  admin: [...OFFICE, 'plan', 'offer', ...RUN],
  dispatcher: [...OFFICE, 'plan', 'offer', ...RUN],
  agent: OFFICE,
  vendor_dispatcher: ['board', 'answer', ...RUN],
};

export const may = (role: Role | undefined, right: Right): boolean =>
  role !== undefined && (RIGHTS[role]?.includes(right) ?? false);
