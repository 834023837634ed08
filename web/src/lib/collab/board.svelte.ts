/** The workspace as its reader sees it: what the server told, with own changes on top, in maps that Svelte watches. */
import { SvelteMap } from 'svelte/reactivity';
import type { CommandQueue } from './commands';
import type { SnapshotRecord } from './pending';
import type { Change, JoinReply } from './protocol';
import type { Collection, NoteConnection, NoteMeta, Role, Workspace } from './types';
import { WorkspaceState, type Touched } from './workspace-state';

export class Board {
  workspace = $state.raw<Workspace | null>(null);
  readonly notes = new SvelteMap<string, NoteMeta>();
  readonly collections = new SvelteMap<string, Collection>();
  readonly connections = new SvelteMap<string, NoteConnection>();
  #state = new WorkspaceState();

  /** `commands` are the own changes that the server has not acknowledged. */
  constructor(private readonly commands: () => CommandQueue | null) {}

  load(reply: JoinReply | SnapshotRecord): void {
    this.#state.load(reply);
    this.showAll();
  }

  apply(change: Change): Touched {
    const touched = this.#state.apply(change);
    if (touched.noteId) this.show(touched.noteId);
    else this.#showRest();
    return touched;
  }

  keepNote(note: NoteMeta): void {
    this.#state.keepNote(note);
    this.show(note.id);
  }

  /** The server did as asked: until the change itself comes in the stream, this stands for it. */
  assume(change: Pick<Change, 'seq' | 'kind'> & Record<string, unknown>): void {
    this.apply(change as Change);
  }

  setExcerpt(noteId: string, excerpt: string): void {
    const note = this.#state.notes.get(noteId);
    if (note && note.excerpt !== excerpt) this.keepNote({ ...note, excerpt });
  }

  setOpenThreads(noteId: string, openThreads: number): void {
    const note = this.#state.notes.get(noteId);
    if (note) this.keepNote({ ...note, openThreads });
  }

  /** Shows one note anew, after the server's or our view of it changed. */
  show(noteId: string): void {
    const known = this.#state.notes.get(noteId) ?? null;
    const deleted = this.#state.deleted.get(noteId) ?? null;
    const commands = this.commands();
    const note = commands ? commands.overlay(noteId, known, deleted) : known;
    if (note) this.notes.set(noteId, note);
    else this.notes.delete(noteId);
  }

  showAll(): void {
    const ids = new Set([...this.#state.notes.keys(), ...(this.commands()?.noteIds() ?? [])]);
    for (const id of this.notes.keys()) if (!ids.has(id)) this.notes.delete(id);
    for (const id of ids) this.show(id);
    this.#showRest();
  }

  /** What can be shown without a line the next time; null before there is anything. */
  snapshot(workspaceId: string, userId: string, role: Role): SnapshotRecord | null {
    const { workspace, notes, collections, connections } = this.#state;
    if (!workspace) return null;
    return {
      workspaceId,
      userId,
      role,
      workspace,
      notes: [...notes.values()],
      collections: [...collections.values()],
      connections: [...connections.values()]
    };
  }

  #showRest(): void {
    this.workspace = this.#state.workspace;
    mirror(this.collections, this.#state.collections);
    mirror(this.connections, this.#state.connections);
  }
}

function mirror<T>(shown: SvelteMap<string, T>, known: Map<string, T>): void {
  for (const id of shown.keys()) if (!known.has(id)) shown.delete(id);
  for (const [id, value] of known) if (shown.get(id) !== value) shown.set(id, value);
}
