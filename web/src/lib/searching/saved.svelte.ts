/** The searches that this person keeps. */
import { all } from '#lib/api/calls';
import { savedSearchApi as api } from '#lib/api/saved-search-calls';
import type { SavedSearch, SearchKind } from '#lib/api/types';

export interface Wanted {
  readonly name: string;
  readonly query: string;
  readonly type: SearchKind;
  readonly workspaceId: string | null;
  readonly alert: boolean;
}

class SavedSearches {
  items = $state.raw<readonly SavedSearch[] | null>(null);
  failure = $state.raw<unknown>(null);

  load = async (): Promise<void> => {
    this.failure = null;
    try {
      this.items = await all(api.savedSearches);
    } catch (error) {
      this.failure = error;
    }
  };

  async add(wanted: Wanted): Promise<SavedSearch> {
    const { search } = await api.saveSearch(wanted);
    this.items = [search, ...(this.items ?? [])];
    return search;
  }

  async change(old: SavedSearch, changes: Partial<Wanted>): Promise<void> {
    const { search } = await api.changeSearch(old.id, changes);
    this.items = (this.items ?? []).map((item) => (item.id === search.id ? search : item));
  }

  async forget(search: SavedSearch): Promise<void> {
    await api.forgetSearch(search.id);
    this.items = (this.items ?? []).filter((item) => item.id !== search.id);
  }
}

export const savedSearches = new SavedSearches();
