/**
 * The notes of a workspace that are open here or have something unsent: opening them on the server, giving them
 * their stream, sending their edits, and what to do when the server says no.
 */
import { NoteSession, type NoteHost } from './note-session.svelte';
import * as v from 'valibot';
import {
  EVENTS,
  isTransient,
  openReply,
  retryAfter,
  submitReply,
  type OpenReply,
  type Reply,
  type SubmitReply
} from './protocol';
import { NoteReplica, OutOfStep, type CommittedEdit, type FrozenEdit, type ReplicaRecord } from './session';
import type { Link } from './socket';
import type { ErrorBody, NoteMeta, RemoteCursor } from './types';

/** What the notes need of their workspace. */
export interface NotesOptions {
  workspaceId: string;
  link: Link;
  host: NoteHost;
  /** Something of a note that has to be stored changed. */
  onChanged: (noteId: string, isOwn: boolean) => void;
  onMeta: (meta: NoteMeta) => void;
  onCursors: (cursors: RemoteCursor[]) => void;
  /** The server refused text of ours; it is given up here. */
  onRefused: (noteId: string, text: string, error: ErrorBody) => void;
  /** A note became free to send again. */
  onReady: () => void;
  isLive: () => boolean;
}

/** Errors that a fresh text of the note cures: the edit was not taken, its words are merged in. */
const STALE = new Set(['BASE_TOO_OLD', 'CONFLICT']);
/** More in a row of these without success are a fault that no fresh text cures. */
const MOST_CONFLICTS = 3;

export class OpenNotes {
  readonly sessions = new Map<string, NoteSession>();
  /** How often each edit was sent. */
  #copies = new WeakMap<FrozenEdit, number>();
  #conflicts = new Map<string, number>();

  constructor(private readonly options: NotesOptions) {}

  get pendingCount(): number {
    let count = 0;
    for (const note of this.sessions.values()) count += note.pendingCount;
    return count;
  }

  /** The session of a note; made from what is stored of it, if anything. */
  ensure(noteId: string, record: ReplicaRecord | null): NoteSession {
    let note = this.sessions.get(noteId);
    if (!note) {
      const replica = record ? NoteReplica.fromRecord(record) : new NoteReplica();
      note = new NoteSession(noteId, this.options.host, replica);
      this.sessions.set(noteId, note);
    }
    return note;
  }

  /** Gives a note made here the id that the server gave it. */
  rename(from: string, to: string): void {
    const note = this.sessions.get(from);
    if (!note) return;
    this.sessions.delete(from);
    note.noteId = to;
    this.sessions.set(to, note);
  }

  /** The connection is gone: no note is open on the server any more. */
  down(): void {
    for (const note of this.sessions.values()) {
      note.isOpen = false;
      note.clearCursors();
    }
  }

  /** Opens a note on the server, catching up from what is known here. `done` is called when that is over. */
  open(note: NoteSession, done: () => void = () => undefined, isFresh = false): void {
    const { replica } = note;
    const since = replica.isLoaded && !isFresh ? { since: replica.seq } : {};
    const { workspaceId, link } = this.options;
    link.request(EVENTS.open, { workspaceId, noteId: note.noteId, ...since }, openReply, (reply) => {
      if (reply.kind === 'ok') this.#opened(note, reply.value);
      else if (reply.kind === 'error' && !isTransient(reply.error)) this.#gone(note, reply.error);
      else if (reply.kind === 'error') {
        this.#later(reply.error, () => !note.isOpen && this.open(note, undefined, isFresh));
      }
      done();
    });
  }

  close(note: NoteSession): void {
    note.isOpen = false;
    this.sessions.delete(note.noteId);
    const { workspaceId, link } = this.options;
    link.request(EVENTS.close, { workspaceId, noteId: note.noteId }, v.unknown(), () => undefined);
  }

  receive(noteId: string, edits: CommittedEdit[]): void {
    const note = this.sessions.get(noteId);
    if (!note?.isOpen) return;
    if (this.#replay(note, edits)) this.options.onReady();
  }

  skipTo(seq: number): void {
    for (const note of this.sessions.values()) if (note.isOpen) note.replica.skipTo(seq);
  }

  moveCursor(cursor: RemoteCursor): void {
    for (const note of this.sessions.values()) note.moveCursor(cursor);
  }

  removeCursor(clientId: string): void {
    for (const note of this.sessions.values()) note.removeCursor(clientId);
  }

  send(note: NoteSession, frozen: FrozenEdit): void {
    const { workspaceId, link } = this.options;
    const payload = { workspaceId, noteId: note.noteId, ...frozen };
    const copy = (this.#copies.get(frozen) ?? 0) + 1;
    this.#copies.set(frozen, copy);
    link.request(EVENTS.edit, payload, submitReply, (reply) => {
      // An earlier copy may be refused and a later one be taken, when the right came back in between.
      if (reply.kind === 'ok' || this.#copies.get(frozen) === copy) this.#answered(note, frozen, reply);
    });
  }

  /** The server knows this client under another id now: numbers given under the old one mean nothing. */
  renumber(): void {
    for (const note of this.sessions.values()) {
      note.settle(false);
      note.replica.thaw();
    }
  }

  #opened(note: NoteSession, reply: OpenReply): void {
    note.isOpen = true;
    if (reply.meta) this.options.onMeta(reply.meta);
    if (reply.content !== undefined) note.load(reply.content, reply.seq);
    else if (!this.#replay(note, reply.edits ?? [])) return;
    note.phase = 'ready';
    note.replica.skipTo(reply.seq);
    this.options.onCursors(reply.cursors);
    this.options.onChanged(note.noteId, note.pendingCount > 0);
    // Only the answer to its resend tells whether a fresh text contains the edit in flight. While the workspace is
    // being joined, all resends wait for each other, to go in their order.
    const { inFlight } = note.replica;
    if (inFlight && this.options.isLive()) this.send(note, inFlight);
    this.options.onReady();
  }

  /** False when the note has to be fetched anew. */
  #replay(note: NoteSession, edits: CommittedEdit[]): boolean {
    try {
      for (const edit of edits) note.receive(edit);
    } catch (error) {
      if (!(error instanceof OutOfStep)) throw error;
      this.#refetch(note);
      return false;
    }
    this.options.onChanged(note.noteId, note.pendingCount > 0);
    return true;
  }

  /** Tries again when the server asks for it, unless the connection is another by then: that resends by itself. */
  #later(error: ErrorBody, run: () => void): void {
    const { link } = this.options;
    const connection = link.generation;
    setTimeout(() => connection === link.generation && run(), retryAfter(error));
  }

  #refetch(note: NoteSession): void {
    note.isOpen = false;
    this.open(note, undefined, true);
  }

  #answered(note: NoteSession, frozen: FrozenEdit, reply: Reply<SubmitReply>): void {
    const { replica } = note;
    const isCurrent = () => replica.inFlight === frozen;
    if (reply.kind === 'lost' || !isCurrent()) return;
    if (reply.kind === 'ok') return this.#accepted(note);
    const { error } = reply;
    if (isTransient(error)) {
      this.#later(error, () => isCurrent() && this.send(note, frozen));
    } else if (STALE.has(error.code) && this.#countConflict(note) <= MOST_CONFLICTS) {
      if (replica.isSettling) {
        note.settle(false);
        this.options.onReady();
      } else {
        replica.thaw();
        this.#refetch(note);
      }
    } else this.#refused(note, error);
  }

  /** The answer says accepted, but the edit has not come back in the stream: the text that we have contains it. */
  #accepted(note: NoteSession): void {
    this.#conflicts.delete(note.noteId);
    if (!note.replica.isSettling) return this.#refetch(note);
    note.settle(true);
    this.options.onChanged(note.noteId, true);
    this.options.onReady();
  }

  #countConflict(note: NoteSession): number {
    const count = (this.#conflicts.get(note.noteId) ?? 0) + 1;
    this.#conflicts.set(note.noteId, count);
    return count;
  }

  #refused(note: NoteSession, error: ErrorBody): void {
    this.options.onRefused(note.noteId, note.abandon(), error);
    this.options.onChanged(note.noteId, true);
    if (error.code === 'NOTE_NOT_FOUND') this.#gone(note, error);
  }

  #gone(note: NoteSession, error: ErrorBody): void {
    note.isOpen = false;
    if (note.pendingCount > 0) this.options.onRefused(note.noteId, note.abandon(), error);
    note.phase = 'gone';
    this.options.onChanged(note.noteId, true);
  }
}
