import type { NoteChanges, NoteMeta } from '#lib/collab/types';
import type { Board } from './board.svelte';
import { type Point, type Rect, rectOf, type Size } from './geometry';
import { UndoStack } from './undo';

export const NEW_NOTE_SIZE: Size = { width: 260, height: 180 };
export const LEAST_SIZE: Size = { width: 140, height: 80 };

const MOST_STREAMED = 4;

type Shared = 'position' | 'size' | 'color';

/** The person's changes to notes of the canvas, each with its way back. */
export class BoardEdits {
  readonly history = new UndoStack();

  constructor(private readonly board: Board) {}

  /** Makes a note with its middle at a point of the world and begins to name it. */
  async create(at: Point, title: string): Promise<NoteMeta> {
    const { session } = this.board;
    const position = {
      x: Math.round(at.x - NEW_NOTE_SIZE.width / 2),
      y: Math.round(at.y - NEW_NOTE_SIZE.height / 2)
    };
    const wanted = { title, content: '', position, size: NEW_NOTE_SIZE };
    let shownId: string | null = null;
    const note = await session.createNote(wanted, (id) => {
      if (shownId === null) this.#name(id);
      else this.#rename(shownId, id);
      shownId = id;
    });
    this.history.push({ undo: () => session.deleteNote(note.id), redo: () => session.restoreNote(note.id) });
    return note;
  }

  /** Begins to name a note that was just made: at once, whether there is a line or not. */
  #name(id: string): void {
    this.board.select([id]);
    this.board.focus(id);
    this.board.renamingId = id;
  }

  /** The note has another id from now on; what is being done with it goes on. */
  #rename(before: string, id: string): void {
    const { board } = this;
    if (board.selected.delete(before)) board.selected.add(id);
    if (board.activeId === before) board.activeId = id;
    if (board.renamingId === before) board.renamingId = id;
  }

  /** Copies notes beside themselves. `contentOf` reads a note's text. */
  async duplicate(notes: readonly NoteMeta[], contentOf: (id: string) => Promise<string>): Promise<void> {
    const copies: NoteMeta[] = [];
    for (const note of notes) {
      copies.push(
        await this.board.session.createNote({
          title: note.title,
          content: await contentOf(note.id),
          position: { x: note.position.x + 24, y: note.position.y + 24 },
          size: note.size,
          tags: [...note.tags],
          ...(note.color ? { color: note.color } : {})
        })
      );
    }
    const ids = copies.map((copy) => copy.id);
    const { session } = this.board;
    this.history.push({
      undo: () => ids.forEach((id) => session.deleteNote(id)),
      redo: () => ids.forEach((id) => session.restoreNote(id))
    });
    this.board.select(ids);
    if (ids[0]) this.board.focus(ids[0]);
  }

  moveBy(notes: readonly NoteMeta[], dx: number, dy: number): void {
    this.#change(notes, (note) => ({ position: { x: note.position.x + dx, y: note.position.y + dy } }));
  }

  color(notes: readonly NoteMeta[], color: string): void {
    this.#change(notes, () => ({ color }));
  }

  remove(notes: readonly NoteMeta[]): void {
    const { session, selected } = this.board;
    const ids = notes.map((note) => note.id);
    const gone = () => {
      for (const id of ids) {
        session.deleteNote(id);
        selected.delete(id);
        if (this.board.activeId === id) this.board.activeId = null;
      }
    };
    gone();
    this.history.push({ undo: () => ids.forEach((id) => session.restoreNote(id)), redo: gone });
  }

  /** Tells the others where dragged notes are, while the drag goes on. Many at once would only fill the log: they see the end. */
  stream(): void {
    if (this.board.drafts.size <= MOST_STREAMED) this.#share();
  }

  #share(): void {
    for (const [id, rect] of this.board.drafts)
      this.board.session.updateNote(id, placeOf(rect, this.board.session.notes.get(id)));
  }

  /** Ends a drag: what was local becomes shared, with one step to take it all back. */
  drop(before: ReadonlyMap<string, Rect>): void {
    const after = new Map(this.board.drafts);
    this.#share();
    this.board.drafts.clear();
    this.history.push({ undo: () => this.#place(after, before), redo: () => this.#place(before, after) });
  }

  /** Abandons a drag: the notes go back to where it began, for the others too. */
  cancel(before: ReadonlyMap<string, Rect>): void {
    this.board.drafts.clear();
    for (const [id, rect] of before)
      this.board.session.updateNote(id, placeOf(rect, this.board.session.notes.get(id)));
  }

  #place(from: ReadonlyMap<string, Rect>, to: ReadonlyMap<string, Rect>): void {
    for (const [id, rect] of to) {
      const note = this.board.session.notes.get(id);
      // A note that somebody else has moved since stays where they put it.
      if (note && isSame(rectOf(note.position, note.size), from.get(id)))
        this.board.session.updateNote(id, placeOf(rect, note));
    }
  }

  #change(notes: readonly NoteMeta[], to: (note: NoteMeta) => Pick<NoteChanges, Shared>): void {
    const { session } = this.board;
    const steps = notes.map((note) => {
      const after = to(note);
      const before = Object.fromEntries(
        Object.keys(after).map((field) => [field, note[field as Shared]])
      ) as NoteChanges;
      return { id: note.id, before, after };
    });
    const apply = (which: 'before' | 'after', expected: 'before' | 'after') => {
      for (const step of steps) {
        const note = session.notes.get(step.id);
        if (note && isUntouched(note, step[expected])) session.updateNote(step.id, step[which]);
      }
    };
    apply('after', 'before');
    this.history.push({ undo: () => apply('before', 'after'), redo: () => apply('after', 'before') });
  }
}

/** Only what differs, so that a move never writes a size that somebody else is changing. */
function placeOf(rect: Rect, note: NoteMeta | undefined): NoteChanges {
  const changes: NoteChanges = {};
  if (note?.position.x !== rect.x || note.position.y !== rect.y) changes.position = { x: rect.x, y: rect.y };
  if (note?.size.width !== rect.width || note.size.height !== rect.height)
    changes.size = { width: rect.width, height: rect.height };
  return changes;
}

function isSame(a: Rect, b: Rect | undefined): boolean {
  return b !== undefined && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function isUntouched(note: NoteMeta, expected: NoteChanges): boolean {
  return Object.entries(expected).every(
    ([field, value]) => JSON.stringify(note[field as Shared]) === JSON.stringify(value)
  );
}
