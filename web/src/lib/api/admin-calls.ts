/** Calls of those who run the server. */
import { call } from './call';
import type { ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const adminApi = {
  adminUsers: (query: ListQuery & { q?: string } = {}) => call('GET', '/api/admin/users', { query }),
  updateUser: (accountId: string, body: Schemas['AdminUserBody']) =>
    call('PUT', '/api/admin/users/{accountId}', { path: { accountId }, body }),
  nodes: () => call('GET', '/api/admin/nodes', {}),
  actors: () => call('GET', '/api/admin/actors', { query: { limit: 100 } }),
  releaseActor: (workspaceId: string) =>
    call('POST', '/api/admin/actors/{workspaceId}/release', { path: { workspaceId } }),
  storage: () => call('GET', '/api/admin/storage', {}),
  audit: (query: ListQuery = {}) => call('GET', '/api/admin/audit', { query }),
  adminHealth: () => call('GET', '/api/admin/health', {})
};
