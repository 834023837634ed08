/** Lines between notes and collections of them: the person's changes, each with its way back. */
import type { Collection, NoteConnection, NoteMeta } from '#lib/collab/types';
import type { Board } from './board.svelte';
import type { Step, UndoStack } from './undo';

export const LINE_STYLES = ['solid', 'dashed', 'dotted'] as const;
export type LineStyle = (typeof LINE_STYLES)[number];

export interface LineChanges {
  label?: string;
  style?: string;
}

export interface CollectionChanges {
  name?: string;
  color?: string | null;
  parentId?: string | null;
}

/** The calls of the server that this needs; what they change comes back as changes of the workspace. */
export interface LinkCalls {
  connect(fromNoteId: string, toNoteId: string, label: string, style: string): Promise<NoteConnection>;
  updateConnection(id: string, body: LineChanges): Promise<unknown>;
  disconnect(id: string): Promise<unknown>;
  createCollection(name: string, more: Omit<CollectionChanges, 'name'>): Promise<{ readonly id: string }>;
  updateCollection(id: string, body: CollectionChanges): Promise<unknown>;
  deleteCollection(id: string): Promise<unknown>;
}

export class BoardLinks {
  /** What was deleted and made again has another id: the new one by the old. */
  #successors = new Map<string, string>();

  constructor(
    private readonly board: Board,
    private readonly history: UndoStack,
    private readonly calls: LinkCalls,
    /** Says what went wrong. */
    private readonly fail: (error: unknown) => void
  ) {}

  /** Draws a line, unless there is one this way already. */
  async connect(fromId: string, toId: string): Promise<void> {
    const isThere = [...this.board.session.connections.values()].some(
      (line) => line.fromNoteId === fromId && line.toNoteId === toId
    );
    if (isThere || fromId === toId) return;
    const make = () => this.calls.connect(fromId, toId, '', 'solid');
    let id = '';
    const done = this.#attempt(async () => {
      ({ id } = await make());
      this.board.selected.clear();
      this.board.lineId = id;
    });
    this.#push(
      done,
      () => this.#attempt(() => this.calls.disconnect(this.#now(id))),
      () => this.#again(id, make)
    );
    await done;
  }

  async disconnect(line: NoteConnection): Promise<void> {
    const { id, fromNoteId, toNoteId, label, style } = line;
    if (this.board.lineId === id) this.board.lineId = null;
    const end = () => this.#attempt(() => this.calls.disconnect(this.#now(id)));
    const make = () =>
      this.calls.connect(fromNoteId ?? '', toNoteId ?? '', label ?? '', String(style ?? 'solid'));
    const done = end();
    this.#push(done, () => this.#again(id, make), end);
    await done;
  }

  async update(line: NoteConnection, body: LineChanges): Promise<void> {
    const before = { label: line.label ?? '', style: String(line.style ?? 'solid') };
    const set = (to: LineChanges) => this.#attempt(() => this.calls.updateConnection(this.#now(line.id), to));
    await this.#change(set, pick(before, body), body);
  }

  /** Puts notes into a new collection. */
  async collect(name: string, notes: readonly NoteMeta[]): Promise<void> {
    const make = () => this.calls.createCollection(name, {});
    let id = '';
    let put: Step | undefined;
    const done = this.#attempt(async () => {
      ({ id } = await make());
      put = this.#moving(notes, id);
      put.redo();
    });
    this.#push(
      done,
      () => this.#attempt(() => this.calls.deleteCollection(this.#now(id))).then(put!.undo),
      () => this.#again(id, make).then((isMade) => isMade && put!.redo())
    );
    await done;
  }

  /** Puts notes into a collection, or out of any (null). */
  put(notes: readonly NoteMeta[], collectionId: string | null): void {
    const step = this.#moving(notes, collectionId);
    step.redo();
    this.history.push(step);
  }

  async updateCollection(id: string, body: CollectionChanges): Promise<void> {
    const known = this.board.session.collections.get(id);
    if (!known) return;
    const set = (to: CollectionChanges) =>
      this.#attempt(() => this.calls.updateCollection(this.#now(id), to));
    await this.#change(set, pick(factsOf(known), body), body);
  }

  /** Takes the frame away; its notes, and the collections in it, stay. Answers the way back, or null. */
  async dissolve(id: string): Promise<Step | null> {
    const { session } = this.board;
    const known = session.collections.get(id);
    if (!known) return null;
    const { name, ...more } = factsOf(known);
    const notes = [...session.notes.values()].filter((note) => note.collectionId === id);
    const inner = [...session.collections.values()].filter((one) => one.parentId === id);
    const put = this.#moving(notes, id);
    const end = () => this.#attempt(() => this.calls.deleteCollection(this.#now(id)));
    const again = async () => {
      if (!(await this.#again(id, () => this.calls.createCollection(name, more)))) return;
      put.redo();
      for (const one of inner)
        await this.#attempt(() =>
          this.calls.updateCollection(this.#now(one.id), { parentId: this.#now(id) })
        );
    };
    const done = end();
    const step = this.#push(done, again, end);
    return (await done) ? step : null;
  }

  /** The way of notes into a collection, and back. */
  #moving(notes: readonly NoteMeta[], collectionId: string | null): Step {
    const before = notes.map((note) => [note.id, note.collectionId] as const);
    const set = (id: string, to: string | null) => {
      if (this.board.session.notes.has(id))
        this.board.session.updateNote(id, { collectionId: to && this.#now(to) });
    };
    return {
      undo: () => before.forEach(([id, old]) => set(id, old)),
      redo: () => before.forEach(([id]) => set(id, collectionId))
    };
  }

  async #change<T>(set: (to: T) => Promise<boolean>, before: T, after: T): Promise<void> {
    const done = set(after);
    this.#push(
      done,
      () => set(before),
      () => set(after)
    );
    await done;
  }

  /** Notes a change that is under way: whoever takes it back may be quicker than the server's answer. */
  #push(done: Promise<boolean>, undo: () => Promise<unknown>, redo: () => Promise<unknown>): Step {
    return this.history.push({
      undo: () => void done.then((isDone) => isDone && undo()),
      redo: () => void done.then((isDone) => isDone && redo())
    });
  }

  #now(id: string): string {
    const next = this.#successors.get(id);
    return next ? this.#now(next) : id;
  }

  /** Makes something anew that stands for what had this id. */
  #again(id: string, make: () => Promise<{ readonly id: string }>): Promise<boolean> {
    return this.#attempt(async () => void this.#successors.set(this.#now(id), (await make()).id));
  }

  /** Whether it was done. */
  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }
}

/** Of all values those that a change is about. */
function pick<T extends object, C extends Partial<T>>(all: T, change: C): C {
  return Object.fromEntries(Object.keys(change).map((key) => [key, all[key as keyof T]])) as C;
}

const factsOf = ({ name, color, parentId }: Collection) => ({
  name,
  color: (color as string | null | undefined) ?? null,
  parentId
});
