import { all, api } from '#lib/api/calls';
import type { NewWorkspace, Workspace } from '#lib/api/types';

/** The caller's workspaces, newest change first. */
class Workspaces {
  items = $state.raw<readonly Workspace[]>([]);
  isLoaded = $state(false);

  async load(): Promise<void> {
    this.items = await all(api.workspaces);
    this.isLoaded = true;
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
    this.items = [];
    this.isLoaded = false;
  }
}

export const workspaces = new Workspaces();
