/** Calls about comments on notes. */
import { call } from './call';
import { type ListQuery, ofNote } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

const BASE = '/api/notes/{noteId}/comments';
const THREAD = `${BASE}/{threadId}` as const;
const COMMENT = `${THREAD}/{commentId}` as const;

export const commentApi = {
  threads: (noteId: string, query: ListQuery & { resolved?: boolean } = {}) =>
    call('GET', BASE, { ...ofNote(noteId), query }),
  startThread: (noteId: string, body: Schemas['NewThreadBody'], idempotencyKey: string) =>
    call('POST', BASE, { ...ofNote(noteId), body, idempotencyKey }),
  reply: (noteId: string, threadId: string, text: string, idempotencyKey: string) =>
    call('POST', THREAD, { path: { noteId, threadId }, body: { text }, idempotencyKey }),
  resolve: (noteId: string, threadId: string, resolved: boolean) =>
    call('PUT', THREAD, { path: { noteId, threadId }, body: { resolved } }),
  editComment: (noteId: string, threadId: string, commentId: string, text: string) =>
    call('PUT', COMMENT, { path: { noteId, threadId, commentId }, body: { text } }),
  deleteComment: (noteId: string, threadId: string, commentId: string) =>
    call('DELETE', COMMENT, { path: { noteId, threadId, commentId } })
};
