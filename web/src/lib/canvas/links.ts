/** Lines between notes and collections of them: the person's changes, each with its way back. */
import type { NoteConnection, NoteMeta } from '#lib/collab/types';
import type { Board } from './board.svelte';
import type { UndoStack } from './undo';

export const LINE_STYLES = ['solid', 'dashed', 'dotted'] as const;
export type LineStyle = (typeof LINE_STYLES)[number];

/** The calls of the server that this needs; what they change comes back as changes of the workspace. */
export interface LinkCalls {
  connect(fromNoteId: string, toNoteId: string, label: string, style: string): Promise<NoteConnection>;
  updateConnection(id: string, body: { label?: string; style?: string }): Promise<unknown>;
  disconnect(id: string): Promise<unknown>;
  createCollection(name: string, color: string | null): Promise<{ readonly id: string }>;
  updateCollection(id: string, body: { name?: string; color?: string | null }): Promise<unknown>;
  deleteCollection(id: string): Promise<unknown>;
}

export class BoardLinks {
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
    await this.#attempt(async () => {
      let { id } = await this.calls.connect(fromId, toId, '', 'solid');
      this.board.selected.clear();
      this.board.lineId = id;
      this.history.push({
        undo: () => void this.#attempt(() => this.calls.disconnect(id)),
        redo: () =>
          void this.#attempt(async () => ({ id } = await this.calls.connect(fromId, toId, '', 'solid')))
      });
    });
  }

  async disconnect(line: NoteConnection): Promise<void> {
    const { fromNoteId, toNoteId, label, style } = line;
    if (this.board.lineId === line.id) this.board.lineId = null;
    let { id } = line;
    const again = async () =>
      ({ id } = await this.calls.connect(
        fromNoteId ?? '',
        toNoteId ?? '',
        label ?? '',
        String(style ?? 'solid')
      ));
    const isGone = this.#attempt(() => this.calls.disconnect(id));
    // Noted at once: whoever takes it back may be quicker than the server's answer.
    this.history.push({
      undo: () => void isGone.then((done) => done && this.#attempt(again)),
      redo: () => void this.#attempt(() => this.calls.disconnect(id))
    });
    await isGone;
  }

  async update(line: NoteConnection, body: { label?: string; style?: LineStyle }): Promise<void> {
    await this.#attempt(() => this.calls.updateConnection(line.id, body));
  }

  /** Puts notes into a new collection. */
  async collect(name: string, notes: readonly NoteMeta[]): Promise<void> {
    await this.#attempt(async () => {
      const { id } = await this.calls.createCollection(name, null);
      this.put(notes, id);
    });
  }

  /** Puts notes into a collection, or out of any (null). */
  put(notes: readonly NoteMeta[], collectionId: string | null): void {
    const before = notes.map((note) => [note.id, note.collectionId] as const);
    const set = (id: string, to: string | null) => {
      if (this.board.session.notes.has(id)) this.board.session.updateNote(id, { collectionId: to });
    };
    const apply = () => before.forEach(([id]) => set(id, collectionId));
    apply();
    this.history.push({ undo: () => before.forEach(([id, old]) => set(id, old)), redo: apply });
  }

  async updateCollection(id: string, body: { name?: string; color?: string | null }): Promise<void> {
    await this.#attempt(() => this.calls.updateCollection(id, body));
  }

  async deleteCollection(id: string): Promise<void> {
    await this.#attempt(() => this.calls.deleteCollection(id));
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
