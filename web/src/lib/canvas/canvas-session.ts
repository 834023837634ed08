import type {
  Collection,
  NewNote,
  NoteChanges,
  NoteConnection,
  NoteMeta,
  Presence,
  RemoteCursor,
  TagChanges
} from '#lib/collab/types';

/** What the canvas needs of an open workspace; the shared session offers more. */
export interface CanvasSession {
  readonly notes: ReadonlyMap<string, NoteMeta>;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly connections: ReadonlyMap<string, NoteConnection>;
  readonly presence: ReadonlyMap<string, Presence>;
  readonly cursors: ReadonlyMap<string, RemoteCursor>;
  readonly clientId: string;
  createNote(note: Partial<NewNote>, onId?: (id: string) => void): Promise<NoteMeta>;
  updateNote(noteId: string, set: NoteChanges, tags?: TagChanges): void;
  deleteNote(noteId: string): void;
  restoreNote(noteId: string): void;
}
