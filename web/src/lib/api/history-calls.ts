/** Calls about what notes were, and who is told of their changes. */
import { call } from './call';
import { type ListQuery, ofNote } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const historyApi = {
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
