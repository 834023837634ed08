/** Calls about links and invitations: how others come to a workspace, or to one note. */
import { call } from './call';
import { inWorkspace, type ListQuery, ofNote } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const sharingApi = {
  invitations: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/invitations', { ...inWorkspace(id), query }),
  resendInvitation: (workspaceId: string, invitationId: string) =>
    call('POST', '/api/workspaces/{workspaceId}/invitations/{invitationId}/resend', {
      path: { workspaceId, invitationId }
    }),
  revokeInvitation: (workspaceId: string, invitationId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/invitations/{invitationId}', {
      path: { workspaceId, invitationId }
    }),
  shareLinks: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/share-links', { ...inWorkspace(id), query }),
  makeShareLink: (id: string, body: Schemas['NewShareLinkBody']) =>
    call('POST', '/api/workspaces/{workspaceId}/share-links', { ...inWorkspace(id), body }),
  revokeShareLink: (workspaceId: string, linkId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/share-links/{linkId}', { path: { workspaceId, linkId } }),
  noteLinks: (id: string, query: ListQuery = {}) =>
    call('GET', '/api/notes/{noteId}/links', { ...ofNote(id), query }),
  makeNoteLink: (id: string, body: Schemas['NewNoteLinkBody']) =>
    call('POST', '/api/notes/{noteId}/links', { ...ofNote(id), body }),
  revokeNoteLink: (noteId: string, linkId: string) =>
    call('DELETE', '/api/notes/{noteId}/links/{linkId}', { path: { noteId, linkId } })
};
