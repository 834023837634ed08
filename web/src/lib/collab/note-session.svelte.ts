/** One open note: its replica, and those who show it. */
import type { ChangeSet, Text } from '@codemirror/state';
import type { CommittedEdit, FrozenEdit, NoteReplica, Update } from './session';
import type { RemoteCursor } from './types';

/** Another person's selection, in positions of the text as it is shown here: `[anchor, head]`. */
export interface RemoteSelection {
  readonly cursor: RemoteCursor;
  readonly ranges: readonly (readonly [anchor: number, head: number])[];
}

/** An editor, or whatever else shows the text. */
export interface NoteView {
  receive(changes: ChangeSet): void;
  /** Others' selections are new; with changes of the text they move in `receive`. */
  selected(): void;
  /** An own edit is in the server's text now: places in it are counted from there. */
  acknowledged(): void;
  /** An edit of anybody's is in the server's text now; places in its operation are the server's. */
  committed?(edit: CommittedEdit): void;
  /** The text came anew: what lies between was not told. */
  reloaded?(): void;
}

/** What a note asks of its workspace. */
export interface NoteHost {
  noteTyped(note: NoteSession): void;
  noteMerged(note: NoteSession, overwritten: string): void;
  noteSelected(note: NoteSession, ranges: [number, number][]): void;
  noteReleased(note: NoteSession): void;
}

export class NoteSession {
  noteId = $state('');
  /** `gone`: it was deleted, or is not ours to read any more. */
  phase = $state<'loading' | 'ready' | 'gone'>('loading');
  /** Changes that the server has not acknowledged. */
  pendingCount = $state(0);
  /** Whether the server sends us this note's edits. */
  isOpen = false;
  #users = 0;
  #views = new Set<NoteView>();
  #selections = new Map<string, RemoteSelection>();
  readonly #host: NoteHost;

  constructor(
    noteId: string,
    host: NoteHost,
    readonly replica: NoteReplica
  ) {
    this.noteId = noteId;
    this.#host = host;
    if (replica.isLoaded) this.phase = 'ready';
    this.pendingCount = replica.pendingCount;
  }

  get doc(): Text {
    return this.replica.doc;
  }

  get isUsed(): boolean {
    return this.#users > 0;
  }

  use(): this {
    this.#users++;
    return this;
  }

  /** The counterpart of `openNote`. What is not sent yet is still sent. */
  close(): void {
    this.#users--;
    if (!this.isUsed) this.#host.noteReleased(this);
  }

  /** The person changed the text in one of the views; the others are told. */
  edit(changes: ChangeSet, from: NoteView | null = null): void {
    this.replica.edit(changes);
    this.#mapSelections(changes);
    for (const view of this.#views) if (view !== from) view.receive(changes);
    this.#count();
    this.#host.noteTyped(this);
  }

  select(ranges: [anchor: number, head: number][]): void {
    const place = (position: number) => this.replica.toServerPosition(position);
    this.#host.noteSelected(
      this,
      ranges.map(([anchor, head]) => [place(anchor), place(head)])
    );
  }

  /** From now on the view is told what happens. Its text is `doc` at this moment. */
  show(view: NoteView): () => void {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  /** Where others have their carets now. */
  selections(): RemoteSelection[] {
    return [...this.#selections.values()];
  }

  moveCursor(cursor: RemoteCursor): void {
    const isHere = cursor.noteId === this.noteId && (cursor.selection?.length ?? 0) > 0;
    if (!isHere) return this.removeCursor(cursor.clientId);
    this.#selections.set(cursor.clientId, this.#placed(cursor));
    for (const view of this.#views) view.selected();
  }

  removeCursor(clientId: string): void {
    if (!this.#selections.delete(clientId)) return;
    for (const view of this.#views) view.selected();
  }

  clearCursors(): void {
    for (const clientId of [...this.#selections.keys()]) this.removeCursor(clientId);
  }

  freeze(clientId: string, clientSeq: number): FrozenEdit | null {
    const frozen = this.replica.freeze(clientId, clientSeq);
    this.#count();
    return frozen;
  }

  /** May throw `OutOfStep`. */
  receive(edit: CommittedEdit): void {
    const wasInFlight = this.replica.inFlight !== null;
    this.#take(this.replica.receive(edit), edit.clientId ?? undefined);
    if (wasInFlight && !this.replica.inFlight) for (const view of this.#views) view.acknowledged();
    for (const view of this.#views) view.committed?.(edit);
  }

  load(content: string, seq: number): void {
    this.#take(this.replica.load(content, seq));
    for (const view of this.#views) view.reloaded?.();
  }

  settle(isIncluded: boolean): void {
    this.#take(this.replica.settle(isIncluded));
  }

  /** Gives up unsent text; returns it. */
  abandon(): string {
    const { draft, update } = this.replica.abandon();
    this.#take(update);
    return draft;
  }

  #take(update: Update | null, by?: string): void {
    if (update && !update.changes.empty) {
      this.#mapSelections(update.changes, by);
      for (const view of this.#views) view.receive(update.changes);
    }
    this.#count();
    if (update?.overwritten !== undefined) this.#host.noteMerged(this, update.overwritten);
  }

  #count(): void {
    this.pendingCount = this.replica.pendingCount;
  }

  /** At the very place of an insertion only its author's caret goes along. */
  #mapSelections(changes: ChangeSet, by?: string): void {
    for (const [clientId, { cursor, ranges }] of this.#selections) {
      const place = (position: number) => changes.mapPos(position, clientId === by ? 1 : -1);
      const moved = ranges.map(([anchor, head]) => [place(anchor), place(head)] as const);
      this.#selections.set(clientId, { cursor, ranges: moved });
    }
  }

  #placed(cursor: RemoteCursor): RemoteSelection {
    const place = (codePoint: number) => this.replica.fromServerPosition(codePoint);
    return {
      cursor,
      ranges: (cursor.selection ?? []).map(([anchor, head]) => [place(anchor), place(head)])
    };
  }
}
