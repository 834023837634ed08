import { SvelteMap } from 'svelte/reactivity';
import type {
  Collection,
  NewNote,
  NoteChanges,
  NoteConnection,
  NoteMeta,
  Presence,
  RemoteCursor
} from '#lib/collab/types';
import type { CanvasSession } from '../canvas-session';

export const note = (id: string, x: number, y: number, more: Partial<NoteMeta> = {}): NoteMeta => ({
  id,
  workspaceId: 'w',
  title: id,
  excerpt: '',
  authorId: 'u',
  collectionId: null,
  position: { x, y },
  size: { width: 200, height: 100 },
  color: null,
  tags: [],
  seq: 1,
  createdAt: `2026-01-01T00:00:0${id.length}.000Z`,
  updatedAt: '',
  ...more
});

/** A workspace in memory that does what it is told at once and counts what would be sent. */
export class LocalSession implements CanvasSession {
  readonly notes = new SvelteMap<string, NoteMeta>();
  readonly collections = new SvelteMap<string, Collection>();
  readonly connections = new SvelteMap<string, NoteConnection>();
  readonly presence = new SvelteMap<string, Presence>();
  readonly cursors = new SvelteMap<string, RemoteCursor>();
  readonly clientId = 'me';
  readonly trash = new Map<string, NoteMeta>();
  updates = 0;

  constructor(notes: NoteMeta[]) {
    for (const one of notes) this.notes.set(one.id, one);
  }

  async createNote(wanted: Partial<NewNote>, onId?: (id: string) => void): Promise<NoteMeta> {
    const made = { ...note(`new${this.notes.size}`, 0, 0), ...wanted } as NoteMeta;
    this.notes.set(made.id, made);
    onId?.(made.id);
    return made;
  }

  updateNote(id: string, set: NoteChanges): void {
    this.updates++;
    const old = this.notes.get(id);
    if (old) this.notes.set(id, { ...old, ...set } as NoteMeta);
  }

  deleteNote(id: string): void {
    const old = this.notes.get(id);
    if (old) this.trash.set(id, old);
    this.notes.delete(id);
  }

  restoreNote(id: string): void {
    const old = this.trash.get(id);
    if (old) this.notes.set(id, old);
  }
}
