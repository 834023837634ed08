import type { NewNote, NoteChanges, NoteMeta } from '#lib/collab/types';
import type { Board } from './board.svelte';
import { type Point, type Rect, rectOf, type Size } from './geometry';
import { type Step, UndoStack } from './undo';

export const NEW_NOTE_SIZE: Size = { width: 260, height: 180 };
export const LEAST_SIZE: Size = { width: 140, height: 80 };

const MOST_STREAMED = 4;
/** How far a note lies from the one that it would hide. */
const BESIDE = 24;

type Shared = 'position' | 'size' | 'color' | 'title';

/** The person's changes to notes of the canvas, each with its way back. */
export class BoardEdits {
  readonly history = new UndoStack();

  constructor(private readonly board: Board) {}

  /** Makes a note with its middle at a point of the world and begins to name it. */
  async create(at: Point, title: string): Promise<NoteMeta> {
    const position = this.#free({
      x: Math.round(at.x - NEW_NOTE_SIZE.width / 2),
      y: Math.round(at.y - NEW_NOTE_SIZE.height / 2)
    });
    const wanted = { title, content: '', position, size: NEW_NOTE_SIZE };
    const { made } = this.make([wanted], (id, before) =>
      before === null ? this.#name(id) : this.#rename(before, id)
    );
    return (await made)[0]!;
  }

  /**
   * Makes notes, with one step that takes them away again, whether the server has them by then or not. `onId` gets the
   * id of each at once, and later the server's and the one before.
   */
  make(
    wanted: readonly Partial<NewNote>[],
    onId: (id: string, before: string | null) => void
  ): { step: Step; made: Promise<NoteMeta[]> } {
    const { session } = this.board;
    const ids: string[] = [];
    const made = wanted.map((note, index) =>
      session.createNote(note, (id) => {
        const before = ids[index] ?? null;
        ids[index] = id;
        onId(id, before);
      })
    );
    const step = this.history.push({
      undo: () => ids.filter((id) => session.notes.has(id)).forEach((id) => session.deleteNote(id)),
      redo: () => ids.forEach((id) => session.restoreNote(id))
    });
    return { step, made: Promise.all(made) };
  }

  /** The place, or one a little beside it: a note that lies exactly on another hides it. */
  #free(wanted: Point): Point {
    const taken = new Set(
      [...this.board.session.notes.values()].map(({ position: { x, y } }) => `${x} ${y}`)
    );
    let { x, y } = wanted;
    while (taken.has(`${x} ${y}`)) [x, y] = [x + BESIDE, y + BESIDE];
    return { x, y };
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
    const copies: Partial<NewNote>[] = [];
    for (const note of notes) {
      copies.push({
        title: note.title,
        content: await contentOf(note.id),
        position: this.#free({ x: note.position.x + BESIDE, y: note.position.y + BESIDE }),
        size: note.size,
        tags: [...note.tags],
        ...(note.color ? { color: note.color } : {})
      });
    }
    const ids: string[] = [];
    const { made } = this.make(copies, (id, before) =>
      before === null ? ids.push(id) : this.#rename(before, id)
    );
    this.board.select(ids);
    if (ids[0]) this.board.focus(ids[0]);
    await made;
  }

  moveBy(notes: readonly NoteMeta[], dx: number, dy: number): void {
    this.#change(notes, (note) => ({ position: { x: note.position.x + dx, y: note.position.y + dy } }));
  }

  color(notes: readonly NoteMeta[], color: string): void {
    this.#change(notes, () => ({ color }));
  }

  /** Naming what has no name yet belongs to making it. */
  rename(note: NoteMeta, title: string): void {
    if (note.title) this.#change([note], () => ({ title }));
    else this.board.session.updateNote(note.id, { title });
  }

  /** `onback` is called whenever they come back. */
  remove(notes: readonly NoteMeta[], onback: () => void = () => undefined): Step {
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
    const back = () => {
      ids.forEach((id) => session.restoreNote(id));
      onback();
    };
    return this.history.push({ undo: back, redo: gone });
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
