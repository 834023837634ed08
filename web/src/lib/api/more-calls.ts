/** Calls about notes, members, searching and notices, with those of calls.ts. */
import { call } from './call';
import { api as first, inWorkspace, type ListQuery, ofNote } from './calls';
import type { NoteQuery, Role, SearchKind } from './types';

const people = {
  transferWorkspace: (id: string, userId: string) =>
    call('POST', '/api/workspaces/{workspaceId}/transfer', { ...inWorkspace(id), body: { userId } }),
  members: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/members', { ...inWorkspace(id), query }),
  addMember: (id: string, body: { role: Role } & ({ email: string } | { userId: string })) =>
    call('POST', '/api/workspaces/{workspaceId}/members', { ...inWorkspace(id), body }),
  updateMember: (workspaceId: string, userId: string, role: Role) =>
    call('PUT', '/api/workspaces/{workspaceId}/members/{userId}', {
      path: { workspaceId, userId },
      body: { role }
    }),
  removeMember: (workspaceId: string, userId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/members/{userId}', { path: { workspaceId, userId } })
};

const notes = {
  notes: (id: string, query: ListQuery & NoteQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/notes', { ...inWorkspace(id), query }),
  note: (id: string) => call('GET', '/api/notes/{noteId}', ofNote(id)),
  isWatched: (id: string) => call('GET', '/api/notes/{noteId}/watch', ofNote(id)),
  watch: (id: string, isOn: boolean) =>
    call(isOn ? 'PUT' : 'DELETE', '/api/notes/{noteId}/watch', ofNote(id)),
  restoreNote: (id: string) => call('POST', '/api/notes/{noteId}/restore', ofNote(id)),
  trash: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/trash', { ...inWorkspace(id), query }),
  emptyTrash: (id: string) => call('DELETE', '/api/workspaces/{workspaceId}/trash', inWorkspace(id)),
  purgeNote: (workspaceId: string, noteId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/trash/{noteId}', { path: { workspaceId, noteId } })
};

interface SearchOptions extends ListQuery {
  readonly workspaceId?: string;
  readonly facets?: boolean;
  readonly signal?: AbortSignal;
}

const finding = {
  search: (q: string, type: SearchKind, { signal, workspaceId, ...query }: SearchOptions = {}) =>
    call('GET', '/api/search', {
      query: { q, type, ...(workspaceId ? { workspaceId } : {}), ...query },
      ...(signal ? { signal } : {})
    }),
  notifications: (query: ListQuery & { unread?: boolean } = {}) =>
    call('GET', '/api/notifications', { query }),
  readNotification: (notificationId: string) =>
    call('PUT', '/api/notifications/{notificationId}/read', { path: { notificationId } }),
  readAllNotifications: () => call('PUT', '/api/notifications/read-all', {}),
  deleteNotification: (notificationId: string) =>
    call('DELETE', '/api/notifications/{notificationId}', { path: { notificationId } })
};

export const api = { ...first, ...people, ...notes, ...finding };
