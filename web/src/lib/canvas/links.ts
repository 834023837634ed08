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
  /** One change after another: the server takes them as they were made, and each knows what the one before it left. */
  #last: Promise<unknown> = Promise.resolve();
  /** What calls made of a thing, as long as it is shown as it was: the change itself is still to come in the stream. */
  #left = new WeakMap<object, object>();

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
    const done = this.#inTurn(() =>
      this.#attempt(async () => {
        ({ id } = await make());
        this.board.selected.clear();
        this.board.lineId = id;
      })
    );
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
    const done = this.#inTurn(end);
    this.#push(done, () => this.#again(id, make), end);
    await done;
  }

  async update(line: NoteConnection, body: LineChanges): Promise<void> {
    const shown = () => this.board.session.connections.get(this.#now(line.id)) ?? line;
    const set = (to: LineChanges) => this.calls.updateConnection(this.#now(line.id), to);
    await this.#change(shown, looksOf, set, body);
  }

  /** Puts notes into a new collection. */
  async collect(name: string, notes: readonly NoteMeta[]): Promise<void> {
    const make = () => this.calls.createCollection(name, {});
    let id = '';
    let put: Step | undefined;
    const done = this.#inTurn(() =>
      this.#attempt(async () => {
        ({ id } = await make());
        put = this.#moving(notes, id);
        put.redo();
      })
    );
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
    const shown = () => this.board.session.collections.get(this.#now(id)) ?? known;
    const set = (to: CollectionChanges) => this.calls.updateCollection(this.#now(id), to);
    await this.#change(shown, factsOf, set, body);
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
    const done = this.#inTurn(end);
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

  async #change<Shown extends object, Changes extends object>(
    shown: () => Shown,
    factsOf: (entry: Shown) => Required<Changes>,
    set: (to: Changes) => Promise<unknown>,
    after: Changes
  ): Promise<void> {
    let before: Changes | undefined;
    const put = (to: Changes) =>
      this.#attempt(async () => {
        const entry = shown();
        const facts = { ...factsOf(entry), ...this.#left.get(entry) };
        before ??= pick(facts, to);
        await set(to);
        this.#left.set(entry, { ...facts, ...to });
      });
    const done = this.#inTurn(() => put(after));
    this.#push(
      done,
      () => put(before!),
      () => put(after)
    );
    await done;
  }

  /** Notes a change that is under way: whoever takes it back may be quicker than the server's answer. */
  #push(done: Promise<boolean>, undo: () => Promise<unknown>, redo: () => Promise<unknown>): Step {
    return this.history.push({
      undo: () => void this.#inTurn(async () => (await done) && undo()),
      redo: () => void this.#inTurn(async () => (await done) && redo())
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

  /** Runs it once all that was asked before is done. It must not fail. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done;
    return done;
  }
}

/** Of all values those that a change is about. */
function pick<C extends object>(all: Required<C>, change: C): C {
  return Object.fromEntries(Object.keys(change).map((key) => [key, all[key as keyof C]])) as C;
}

const factsOf = ({ name, color, parentId }: Collection) => ({
  name,
  color: (color as string | null | undefined) ?? null,
  parentId
});

const looksOf = ({ label, style }: NoteConnection) => ({ label: label ?? '', style: style ?? 'solid' });
