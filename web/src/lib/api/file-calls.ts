/** Calls about files. */
import { call } from './call';
import type { ListQuery } from './calls';

export const filesApi = {
  files: (workspaceId: string, query: ListQuery = {}) =>
    call('GET', '/api/files', { query: { workspaceId, ...query } }),
  deleteFile: (fileId: string) => call('DELETE', '/api/files/{fileId}', { path: { fileId } })
};
