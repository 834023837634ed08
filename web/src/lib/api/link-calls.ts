import type { LinkCalls } from '#lib/canvas/links';
import { canvasApi as api } from './canvas-calls';

/** What the canvas asks of a workspace's lines and collections. */
export function linkCalls(workspaceId: string): LinkCalls {
  return {
    connect: async (fromNoteId, toNoteId, label, style) =>
      (await api.createConnection(workspaceId, { fromNoteId, toNoteId, label, style })).connection,
    updateConnection: (id, body) => api.updateConnection(workspaceId, id, body),
    disconnect: (id) => api.deleteConnection(workspaceId, id),
    createCollection: async (name, more) =>
      (await api.createCollection(workspaceId, { name, ...more })).collection,
    updateCollection: (id, body) => api.updateCollection(workspaceId, id, body),
    deleteCollection: (id) => api.deleteCollection(workspaceId, id)
  };
}
