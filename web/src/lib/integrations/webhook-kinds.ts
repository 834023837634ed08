/** What a webhook may be told, as people choose it: the kinds of changes by what they are about. */
const GROUPS = {
  notes: ['note.created', 'note.edited', 'note.updated', 'note.deleted', 'note.restored', 'note.purged'],
  comments: ['comment.started', 'comment.replied', 'comment.edited', 'comment.deleted', 'comment.resolved'],
  chat: ['chat.posted', 'chat.edited', 'chat.deleted', 'chat.reacted'],
  files: ['file.created', 'file.deleted'],
  calendar: ['event.created', 'event.updated', 'event.deleted'],
  members: ['member.added', 'member.updated', 'member.removed']
} as const;

export type KindGroup = keyof typeof GROUPS;
export const KIND_GROUPS = Object.keys(GROUPS) as readonly KindGroup[];

/** Came when webhooks told groups already: these count as whole without it. */
const LATER: readonly string[] = ['note.purged'];

/** No group is everything, as no kind is. */
export const kindsOf = (groups: readonly KindGroup[]): readonly string[] =>
  groups.flatMap((group) => GROUPS[group]);

/** The groups that are told as a whole, and the kinds besides. */
export function groupsOf(kinds: readonly string[]): {
  groups: readonly KindGroup[];
  others: readonly string[];
} {
  const isTold = (kind: string) => kinds.includes(kind) || LATER.includes(kind);
  const groups = KIND_GROUPS.filter((group) => GROUPS[group].every(isTold));
  const covered = new Set(kindsOf(groups));
  return { groups, others: kinds.filter((kind) => !covered.has(kind)) };
}
