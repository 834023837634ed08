/** A workspace that is open in this tab: the one thing that pages and editors talk to. */
import type { NoteSession } from './note-session.svelte';
import type { Draft, NewNote, NoteChanges, NoteMeta, Point, Status, TagChanges } from './types';
import { WorkspaceEngine, type WorkspaceSessionOptions } from './workspace-engine';

export class WorkspaceSession {
  readonly #engine: WorkspaceEngine;

  constructor(options: WorkspaceSessionOptions) {
    this.#engine = new WorkspaceEngine(options);
  }

  get workspaceId() {
    return this.#engine.workspaceId;
  }

  // --- how it is: all of it is watched by Svelte ------------------------------------------------------------

  get state() {
    return this.#engine.vitals.state;
  }

  get deniedReason() {
    return this.#engine.vitals.deniedReason;
  }

  get saveState() {
    return this.#engine.vitals.saveState;
  }

  /** Own changes that the server has not acknowledged. */
  get waitingCount() {
    return this.#engine.vitals.waitingCount;
  }

  get role() {
    return this.#engine.vitals.role;
  }

  get clientId() {
    return this.#engine.vitals.clientId;
  }

  get seq() {
    return this.#engine.vitals.seq;
  }

  /** The newest seq that an earlier visit had seen; null at the first. */
  get visitedSeq() {
    return this.#engine.visitedSeq;
  }

  /** Null until it was joined, or found on this device. */
  get workspace() {
    return this.#engine.board.workspace;
  }

  get notes() {
    return this.#engine.board.notes;
  }

  get collections() {
    return this.#engine.board.collections;
  }

  get connections() {
    return this.#engine.board.connections;
  }

  /** One entry per connection, by client id. */
  get presence() {
    return this.#engine.crowd.presence;
  }

  get cursors() {
    return this.#engine.crowd.cursors;
  }

  /** Texts of ours that the server did not take, by their id. */
  get drafts() {
    return this.#engine.shelf.drafts;
  }

  // --- what people do: shown at once, sent when it can be ---------------------------------------------------

  /**
   * Shows the note under a local id; resolves with the note as the server made it. `onId` hears its id at once, and again
   * before the server's takes its place.
   */
  createNote(note: Partial<NewNote>, onId: (id: string) => void = () => undefined): Promise<NoteMeta> {
    // What pages hand in may be Svelte's proxies, which cannot be stored.
    return this.#engine.desk.create($state.snapshot(note) as Partial<NewNote>, onId);
  }

  updateNote(noteId: string, set: NoteChanges, tags: TagChanges = {}): void {
    this.#engine.desk.take({
      kind: 'update',
      noteId,
      set: $state.snapshot(set),
      tags: $state.snapshot(tags)
    });
  }

  deleteNote(noteId: string): void {
    this.#engine.desk.take({ kind: 'delete', noteId });
  }

  restoreNote(noteId: string): void {
    this.#engine.desk.take({ kind: 'restore', noteId });
  }

  /** To be given back with its `close`. Fails when what an editor needs cannot be fetched. */
  openNote(noteId: string): Promise<NoteSession> {
    return this.#engine.openNote(noteId);
  }

  setOpenThreads(noteId: string, count: number): void {
    this.#engine.board.setOpenThreads(noteId, count);
  }

  keepDraft(draft: Draft): void {
    this.#engine.shelf.keep(draft);
  }

  dismissDraft(id: string): void {
    this.#engine.shelf.dismiss(id);
  }

  /** At most 20 a second are sent. */
  sendCursor(move: { noteId?: string; position?: Point }): void {
    this.#engine.crowd.point(move);
  }

  setStatus(status: Status): void {
    this.#engine.crowd.setStatus(status);
  }

  /** Chat, notices, and every change (`workspace:update`) as they come; until the returned function is called. */
  listen(listener: (name: string, payload: unknown) => void): () => void {
    this.#engine.listeners.add(listener);
    return () => this.#engine.listeners.delete(listener);
  }

  /** For what is worthless when late, such as that somebody types. */
  tell(name: string, payload: Readonly<Record<string, unknown>>): void {
    this.#engine.lifeline.link.sendVolatile(name, { workspaceId: this.workspaceId, ...payload });
  }

  reconnectNow(): void {
    this.#engine.lifeline.reconnectNow();
  }

  /** Goes when all is sent; without a line at once, with the rest stored for the next time. */
  close(): void {
    this.#engine.close();
  }
}
