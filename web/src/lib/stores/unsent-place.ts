/** Where unsent words lie on this device: those of one person in one workspace, by their kind. */
const PREFIX = 'notevault.unsent.';

export const placeOf = (kind: 'chat' | 'comments', userId: string, workspaceId: string): string =>
  `${PREFIX}${kind}.${userId}.${workspaceId}`;

export const hasUnsent = (userId: string, workspaceId: string): boolean =>
  (['chat', 'comments'] as const).some((kind) => localStorage.getItem(placeOf(kind, userId, workspaceId)));
