/** Every call to the server that pages make, one line each. Errors are `ApiError`. */
import { call, callAnonymously } from './call';
import type { components } from './schema';
import type { NoteQuery, Page, Role, SearchKind } from './types';

export { ApiError, wordsFor } from './errors';

type Schemas = components['schemas'];

export interface ListQuery {
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

const inWorkspace = (workspaceId: string) => ({ path: { workspaceId } });
const ofNote = (noteId: string) => ({ path: { noteId } });
const ofMessage = (messageId: string) => ({ path: { messageId } });

const account = {
  register: (body: Schemas['RegisterBody']) => callAnonymously('POST', '/api/auth/register', { body }),
  login: (body: Schemas['LoginBody']) => callAnonymously('POST', '/api/auth/login', { body }),
  logout: () => call('POST', '/api/auth/logout', {}),
  updateMe: (body: Schemas['ProfileBody']) => call('PUT', '/api/auth/me', { body }),
  changePassword: (body: Schemas['NewPasswordBody']) => call('POST', '/api/auth/password', { body }),
  requestReset: (email: string) => callAnonymously('POST', '/api/auth/password/reset', { body: { email } }),
  resetPassword: (body: Schemas['ResetConfirmBody']) =>
    callAnonymously('POST', '/api/auth/password/reset/confirm', { body }),
  verifyEmail: (token: string) => callAnonymously('POST', '/api/auth/verify-email', { body: { token } }),
  resendVerification: () => call('POST', '/api/auth/verify-email/resend', {}),
  sessions: (query: ListQuery = {}) => call('GET', '/api/auth/sessions', { query }),
  endSession: (sessionId: string) =>
    call('DELETE', '/api/auth/sessions/{sessionId}', { path: { sessionId } }),
  endOtherSessions: () => call('DELETE', '/api/auth/sessions', {}),
  tokens: (query: ListQuery = {}) => call('GET', '/api/auth/tokens', { query }),
  createToken: (body: Schemas['NewApiTokenBody']) => call('POST', '/api/auth/tokens', { body }),
  revokeToken: (tokenId: string) => call('DELETE', '/api/auth/tokens/{tokenId}', { path: { tokenId } })
};

const sharing = {
  workspaces: (query: ListQuery = {}) => call('GET', '/api/workspaces', { query }),
  createWorkspace: (body: Schemas['NewWorkspaceBody']) => call('POST', '/api/workspaces', { body }),
  updateWorkspace: (id: string, body: Schemas['WorkspaceBody']) =>
    call('PUT', '/api/workspaces/{workspaceId}', { ...inWorkspace(id), body }),
  deleteWorkspace: (id: string) => call('DELETE', '/api/workspaces/{workspaceId}', inWorkspace(id)),
  transferWorkspace: (id: string, userId: string) =>
    call('POST', '/api/workspaces/{workspaceId}/transfer', { ...inWorkspace(id), body: { userId } }),
  members: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/members', { ...inWorkspace(id), query }),
  addMember: (id: string, body: { email: string; role: Role }) =>
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
  restoreNote: (id: string) => call('POST', '/api/notes/{noteId}/restore', ofNote(id)),
  trash: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/trash', { ...inWorkspace(id), query }),
  noteHistory: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/notes/{noteId}/history', { ...ofNote(id), query }),
  noteAt: (noteId: string, seq: number) =>
    call('GET', '/api/notes/{noteId}/at/{seq}', { path: { noteId, seq } }),
  authorship: (id: string) => call('GET', '/api/notes/{noteId}/authorship', ofNote(id)),
  revertNote: (id: string, body: Schemas['RevertBody']) =>
    call('POST', '/api/notes/{noteId}/revert', { ...ofNote(id), body }),
  watchNote: (id: string) => call('PUT', '/api/notes/{noteId}/watch', ofNote(id)),
  unwatchNote: (id: string) => call('DELETE', '/api/notes/{noteId}/watch', ofNote(id))
};

const canvas = {
  createCollection: (id: string, body: Schemas['NewCollectionBody']) =>
    call('POST', '/api/workspaces/{workspaceId}/collections', { ...inWorkspace(id), body }),
  updateCollection: (workspaceId: string, collectionId: string, body: Schemas['CollectionBody']) =>
    call('PUT', '/api/workspaces/{workspaceId}/collections/{collectionId}', {
      path: { workspaceId, collectionId },
      body
    }),
  deleteCollection: (workspaceId: string, collectionId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/collections/{collectionId}', {
      path: { workspaceId, collectionId }
    }),
  createConnection: (id: string, body: Schemas['NewConnectionBody']) =>
    call('POST', '/api/workspaces/{workspaceId}/connections', { ...inWorkspace(id), body }),
  updateConnection: (workspaceId: string, connectionId: string, body: Schemas['ConnectionBody']) =>
    call('PUT', '/api/workspaces/{workspaceId}/connections/{connectionId}', {
      path: { workspaceId, connectionId },
      body
    }),
  deleteConnection: (workspaceId: string, connectionId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/connections/{connectionId}', {
      path: { workspaceId, connectionId }
    })
};

const chat = {
  messages: (id: string, query: ListQuery & { before?: number } = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/chat', { ...inWorkspace(id), query }),
  editMessage: (id: string, text: string) =>
    call('PUT', '/api/chat/{messageId}', { ...ofMessage(id), body: { text } }),
  deleteMessage: (id: string) => call('DELETE', '/api/chat/{messageId}', ofMessage(id)),
  react: (id: string, emoji: string) =>
    call('POST', '/api/chat/{messageId}/reactions', { ...ofMessage(id), body: { emoji } }),
  unreact: (messageId: string, emoji: string) =>
    call('DELETE', '/api/chat/{messageId}/reactions/{emoji}', { path: { messageId, emoji } })
};

const finding = {
  search: (q: string, type: SearchKind, options: { workspaceId?: string; signal?: AbortSignal } = {}) =>
    call('GET', '/api/search', {
      query: { q, type, ...(options.workspaceId ? { workspaceId: options.workspaceId } : {}) },
      ...(options.signal ? { signal: options.signal } : {})
    }),
  savedSearches: (query: ListQuery = {}) => call('GET', '/api/search/saved', { query }),
  saveSearch: (body: Schemas['NewSavedSearchBody']) => call('POST', '/api/search/saved', { body }),
  forgetSearch: (searchId: string) => call('DELETE', '/api/search/saved/{searchId}', { path: { searchId } }),
  notifications: (query: ListQuery & { unread?: boolean } = {}) =>
    call('GET', '/api/notifications', { query }),
  readNotification: (notificationId: string) =>
    call('PUT', '/api/notifications/{notificationId}/read', { path: { notificationId } }),
  readAllNotifications: () => call('PUT', '/api/notifications/read-all', {}),
  deleteNotification: (notificationId: string) =>
    call('DELETE', '/api/notifications/{notificationId}', { path: { notificationId } }),
  preferences: () => call('GET', '/api/notifications/preferences', {}),
  setPreferences: (preferences: Schemas['PreferencesBody']['preferences']) =>
    call('PUT', '/api/notifications/preferences', { body: { preferences } })
};

const files = {
  files: (workspaceId: string, query: ListQuery = {}) =>
    call('GET', '/api/files', { query: { workspaceId, ...query } }),
  deleteFile: (fileId: string) => call('DELETE', '/api/files/{fileId}', { path: { fileId } })
};

export const api = { ...account, ...sharing, ...notes, ...canvas, ...chat, ...finding, ...files };
