/** Every call to the server that pages make, one line each. Errors are `ApiError`. */
import { client } from './client';
import type {
  HistoryEntry,
  Invitation,
  Member,
  NewWorkspace,
  Note,
  NoteMeta,
  NoteQuery,
  Notification,
  Page,
  Role,
  SearchHit,
  SearchKind,
  Session,
  StoredFile,
  TrashedNote,
  User,
  Workspace
} from './types';

export { ApiError, wordsFor } from './errors';

interface ListQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** All pages of a list, one after the other, up to `most` entries. */
export async function all<T>(load: (query: ListQuery) => Promise<Page<T>>, most = 1000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await load({ limit: 100, ...(cursor ? { cursor } : {}) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < most);
  return items;
}

export const api = {
  register: (body: { email: string; password: string; displayName: string }) =>
    client.requestAnonymously<Session>('POST', '/api/auth/register', { body }),
  login: (body: { email: string; password: string }) =>
    client.requestAnonymously<Session>('POST', '/api/auth/login', { body }),
  logout: () => client.request<void>('POST', '/api/auth/logout'),
  updateMe: (body: { displayName?: string }) =>
    client.request<{ user: User }>('PUT', '/api/auth/me', { body }),
  changePassword: (body: { currentPassword: string; newPassword: string }) =>
    client.request<void>('POST', '/api/auth/password', { body }),

  workspaces: (query: ListQuery = {}) =>
    client.request<Page<Workspace>>('GET', '/api/workspaces', { query: { ...query } }),
  createWorkspace: (body: NewWorkspace) =>
    client.request<{ workspace: Workspace }>('POST', '/api/workspaces', { body }),
  updateWorkspace: (id: string, body: Partial<NewWorkspace>) =>
    client.request<{ workspace: Workspace }>('PUT', `/api/workspaces/${id}`, { body }),
  deleteWorkspace: (id: string) => client.request<void>('DELETE', `/api/workspaces/${id}`),

  members: (id: string, query: ListQuery = {}) =>
    client.request<Page<Member>>('GET', `/api/workspaces/${id}/members`, { query: { ...query } }),
  addMember: (id: string, body: { email: string; role: Role }) =>
    client.request<{ member?: Member; invitation?: Invitation }>('POST', `/api/workspaces/${id}/members`, {
      body
    }),
  updateMember: (id: string, userId: string, role: Role) =>
    client.request<{ member: Member }>('PUT', `/api/workspaces/${id}/members/${userId}`, { body: { role } }),
  removeMember: (id: string, userId: string) =>
    client.request<void>('DELETE', `/api/workspaces/${id}/members/${userId}`),

  notes: (id: string, query: ListQuery & NoteQuery = {}) =>
    client.request<Page<NoteMeta>>('GET', `/api/workspaces/${id}/notes`, { query: { ...query } }),
  note: (id: string) => client.request<{ note: Note }>('GET', `/api/notes/${id}`),
  restoreNote: (id: string) => client.request<{ note: Note }>('POST', `/api/notes/${id}/restore`),
  trash: (id: string, query: ListQuery = {}) =>
    client.request<Page<TrashedNote>>('GET', `/api/workspaces/${id}/trash`, { query: { ...query } }),
  noteHistory: (id: string, query: ListQuery = {}) =>
    client.request<Page<HistoryEntry>>('GET', `/api/notes/${id}/history`, { query: { ...query } }),
  noteAt: (id: string, seq: number) => client.request<{ note: Note }>('GET', `/api/notes/${id}/at/${seq}`),
  revertNote: (id: string, seq: number) =>
    client.request<{ note: Note }>('POST', `/api/notes/${id}/revert`, { body: { seq } }),

  search: (q: string, type: SearchKind, signal?: AbortSignal) =>
    client.request<Page<SearchHit>>('GET', '/api/search', {
      query: { q, type },
      ...(signal ? { signal } : {})
    }),
  files: (workspaceId: string, query: ListQuery = {}) =>
    client.request<Page<StoredFile>>('GET', '/api/files', { query: { workspaceId, ...query } }),
  notifications: (query: ListQuery = {}) =>
    client.request<Page<Notification> & { unreadCount: number }>('GET', '/api/notifications', {
      query: { ...query }
    }),
  readNotification: (id: string) => client.request<void>('PUT', `/api/notifications/${id}/read`),
  readAllNotifications: () => client.request<void>('PUT', '/api/notifications/read-all')
};
