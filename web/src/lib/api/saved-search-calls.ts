/** Calls about searches that are kept. */
import { call } from './call';
import type { ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const savedSearchApi = {
  savedSearches: (query: ListQuery = {}) => call('GET', '/api/search/saved', { query }),
  saveSearch: (body: Schemas['NewSavedSearchBody']) => call('POST', '/api/search/saved', { body }),
  changeSearch: (searchId: string, body: Schemas['SavedSearchBody']) =>
    call('PUT', '/api/search/saved/{searchId}', { path: { searchId }, body }),
  forgetSearch: (searchId: string) => call('DELETE', '/api/search/saved/{searchId}', { path: { searchId } })
};
