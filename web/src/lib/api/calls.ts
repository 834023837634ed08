/** Every call to the server that pages make, one line each. Errors are `ApiError`. */
import { call, callAnonymously } from './call';
import type { components } from './schema';
import type { Page } from './types';

export { ApiError, told, toldAt, wordsFor } from './errors';

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

export const inWorkspace = (workspaceId: string) => ({ path: { workspaceId } });
export const ofNote = (noteId: string) => ({ path: { noteId } });

const account = {
  register: (body: Schemas['RegisterBody']) => callAnonymously('POST', '/api/auth/register', { body }),
  providers: () => callAnonymously('GET', '/api/auth/providers', {}),
  login: (body: Schemas['LoginBody']) => callAnonymously('POST', '/api/auth/login', { body }),
  logout: () => call('POST', '/api/auth/logout', {})
};

const sharing = {
  workspaces: (query: ListQuery = {}) => call('GET', '/api/workspaces', { query }),
  createWorkspace: (body: Schemas['NewWorkspaceBody']) => call('POST', '/api/workspaces', { body }),
  updateWorkspace: (id: string, body: Schemas['WorkspaceBody']) =>
    call('PUT', '/api/workspaces/{workspaceId}', { ...inWorkspace(id), body }),
  deleteWorkspace: (id: string) => call('DELETE', '/api/workspaces/{workspaceId}', inWorkspace(id))
};

/** What the first pages need; the rest stands in files beside this one, so that no page loads what it does not call. */
export const api = { ...account, ...sharing };
