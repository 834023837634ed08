import type { Role } from '#lib/api/types';
import type { PlainKey } from '#lib/i18n/messages';

export type Right =
  | 'workspace:update'
  | 'workspace:delete'
  | 'members:invite'
  | 'members:update'
  | 'members:remove'
  | 'notes:create'
  | 'notes:update'
  | 'notes:delete';

const MEMBER: readonly Right[] = ['notes:create', 'notes:update'];
const ADMIN: readonly Right[] = [
  ...MEMBER,
  'workspace:update',
  'workspace:delete',
  'members:invite',
  'members:update',
  'members:remove',
  'notes:delete'
];
const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  owner: ADMIN,
  admin: ADMIN,
  member: MEMBER,
  viewer: []
};

/** What to offer. The server judges; this only keeps away what it would refuse. */
export function can(role: Role | undefined, right: Right): boolean {
  return role !== undefined && RIGHTS[role].includes(right);
}

const LABELS: Readonly<Record<Role, PlainKey>> = {
  owner: 'role.owner',
  admin: 'role.admin',
  member: 'role.member',
  viewer: 'role.viewer'
};

export function roleLabel(role: Role | undefined): PlainKey {
  return LABELS[role ?? 'member'];
}

/** The roles that somebody may give: never above their own, and never a second owner. */
export function grantable(role: Role | undefined): readonly Role[] {
  return role === 'owner' || role === 'admin' ? ['admin', 'member', 'viewer'] : [];
}
