import { all, api } from '#lib/api/calls';
import type { NewWorkspace, Workspace } from '#lib/api/types';

const KEY = 'notevault.workspaces';

function stored(): readonly Workspace[] | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as readonly Workspace[] | null;
  } catch {
    return null;
  }
}

/** The caller's workspaces, newest change first. */
class Workspaces {
  items = $state.raw<readonly Workspace[]>([]);
  isLoaded = $state(false);

  /** Without a line the list is the one that was seen last. */
  async load(): Promise<void> {
    try {
      this.#show(await all(api.workspaces));
    } catch (error) {
      const known = stored();
      if (!known) throw error;
      this.items = known;
      this.isLoaded = true;
    }
  }

  #show(items: readonly Workspace[]): void {
    this.items = items;
    this.isLoaded = true;
    localStorage.setItem(KEY, JSON.stringify(items));
  }

  async create(body: NewWorkspace): Promise<Workspace> {
    const { workspace } = await api.createWorkspace(body);
    this.items = [workspace, ...this.items];
    return workspace;
  }

  async update(id: string, body: NewWorkspace): Promise<Workspace> {
    const { workspace } = await api.updateWorkspace(id, body);
    this.put(workspace);
    return workspace;
  }

  async remove(id: string): Promise<void> {
    await api.deleteWorkspace(id);
    this.drop(id);
  }

  put(workspace: Workspace): void {
    this.items = this.items.map((item) => (item.id === workspace.id ? { ...item, ...workspace } : item));
  }

  drop(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
  }

  clear(): void {
    localStorage.removeItem(KEY);
    this.items = [];
    this.isLoaded = false;
  }
}

export const workspaces = new Workspaces();
