/** Calls about lines and collections. */
import { call } from './call';
import { inWorkspace } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const canvasApi = {
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
