/**
 * The notes whose text is wanted here, for the session around them. What knows texts (CodeMirror's document, operational
 * transformation, merging) is the larger half of the client and comes with the first note that is opened.
 */
import type { Board } from './board.svelte';
import { isLocalId } from './command-desk';
import type { Crowd } from './crowd';
import { Excerpts } from './excerpts';
import type { NoteHost, NoteSession } from './note-session.svelte';
import type { OpenNotes } from './open-notes';
import type { Outbox } from './outbox';
import type { Change } from './protocol';
import type { CommittedEdit, ReplicaRecord } from './session';
import type { Shelf } from './shelf';
import type { Link } from './socket';
import type { ErrorBody, RemoteCursor } from './types';
import { excerptOf } from './workspace-state';

export interface NoteDeskOptions {
  workspaceId: string;
  link: Link;
  board: Board;
  shelf: Shelf;
  crowd: () => Crowd;
  isLive: () => boolean;
  /** Something of a note that has to be stored changed. */
  onChanged: (noteId: string, isOwn: boolean) => void;
  /** A note may have something to send. */
  onReady: () => void;
  /** Text of ours that has no place in the note any more. */
  onLeftOver: (noteId: string, text: string, reason: string) => void;
  onRefused: (noteId: string, error: ErrorBody) => void;
}

export class NoteDesk implements NoteHost {
  #notes: OpenNotes | null = null;
  #loading: Promise<OpenNotes> | null = null;
  /** What became of local ids. */
  #serverIds = new Map<string, string>();
  readonly #excerpts = new Excerpts();

  constructor(private readonly options: NoteDeskOptions) {}

  get pendingCount(): number {
    return this.#notes?.pendingCount ?? 0;
  }

  /** Fetches what knows texts; may be asked again after it failed. */
  load(): Promise<OpenNotes> {
    this.#loading ??= import('./open-notes').then(
      (module) => (this.#notes = this.#make(module.OpenNotes)),
      (error: unknown) => {
        this.#loading = null;
        throw error;
      }
    );
    return this.#loading;
  }

  /** To be given back with its `close`. */
  async open(givenId: string): Promise<NoteSession> {
    const notes = await this.load();
    const noteId = this.#serverIds.get(givenId) ?? givenId;
    const isNew = !notes.sessions.has(noteId);
    const note = notes.ensure(noteId, this.options.shelf.records.get(noteId) ?? null).use();
    if (isLocalId(noteId)) note.phase = 'ready';
    else if (isNew && this.options.isLive()) notes.open(note);
    return note;
  }

  /** Takes up what was stored with something unsent in it. */
  async adopt(): Promise<void> {
    const unsent = [...this.options.shelf.records].filter(([, record]) => record.out ?? record.buf);
    if (unsent.length === 0) return;
    const notes = await this.load();
    for (const [noteId, record] of unsent) notes.ensure(noteId, record);
  }

  stored(noteId: string): ReplicaRecord | null {
    const replica = this.#find(noteId)?.replica;
    return replica?.isLoaded ? replica.toRecord() : null;
  }

  text(noteId: string): string {
    return this.#find(noteId)?.doc.toString() ?? '';
  }

  // --- what comes in ----------------------------------------------------------------------------------------

  receive(noteId: string, edits: CommittedEdit[]): void {
    this.#notes?.receive(noteId, edits);
  }

  skipTo(seq: number): void {
    this.#notes?.skipTo(seq);
  }

  moveCursor(cursor: RemoteCursor): void {
    this.#notes?.moveCursor(cursor);
  }

  removeCursor(clientId: string): void {
    this.#notes?.removeCursor(clientId);
  }

  apply(change: Change, noteId: string): void {
    const note = this.#find(noteId);
    if (note && (change.kind === 'note.deleted' || change.kind === 'note.purged')) note.phase = 'gone';
    if (note && change.kind === 'note.restored') {
      note.phase = 'loading';
      this.#notes!.open(note);
    }
  }

  rename(localId: string, noteId: string): void {
    this.#serverIds.set(localId, noteId);
    this.#notes?.rename(localId, noteId);
    const note = this.#find(noteId);
    if (note && !note.isOpen && this.options.isLive()) this.#notes!.open(note);
  }

  down(): void {
    this.#notes?.down();
  }

  /** Opens on the server all that is open here; `done` when all have answered. */
  openAll(done: () => void): void {
    const waiting = this.#unopened();
    let left = waiting.length;
    if (left === 0) return done();
    for (const note of waiting) {
      this.#notes!.open(note, () => {
        if (--left === 0) done();
      });
    }
  }

  /** What somebody asked for while the others were being opened. */
  openLate(): void {
    for (const note of this.#unopened()) if (note.phase !== 'gone') this.#notes!.open(note);
  }

  // --- what goes out ----------------------------------------------------------------------------------------

  renumber(): void {
    this.#notes?.renumber();
  }

  /** Numbers what may go out now and gives the ways to send it, each once. */
  freeze(outbox: Outbox): (() => void)[] {
    const sends: (() => void)[] = [];
    for (const note of this.#all()) {
      if (!note.isOpen || !note.replica.canFreeze) continue;
      const { clientId, clientSeq } = outbox.takeNumber();
      const frozen = note.freeze(clientId, clientSeq)!;
      outbox.mark(note.noteId, true);
      sends.push(() => note.replica.inFlight === frozen && this.#notes!.send(note, frozen));
    }
    return sends;
  }

  /** What was in flight when the line broke. */
  resends(): [clientSeq: number, send: () => void][] {
    return this.#all().flatMap((note) => {
      const { inFlight } = note.replica;
      return inFlight ? [[inFlight.clientSeq, () => this.#notes!.send(note, inFlight)]] : [];
    });
  }

  /** Nothing of ours will ever be taken: what was not sent is handed back. */
  giveUp(reason: string): void {
    for (const note of this.#all()) {
      if (note.pendingCount > 0) this.options.onLeftOver(note.noteId, note.doc.toString(), reason);
    }
  }

  stop(): void {
    this.#excerpts.stop();
  }

  // --- NoteHost ---------------------------------------------------------------------------------------------

  noteTyped(note: NoteSession): void {
    this.#changed(note.noteId, true);
    this.options.onReady();
  }

  noteMerged(note: NoteSession, overwritten: string): void {
    this.options.onLeftOver(note.noteId, overwritten, 'MERGED');
  }

  noteSelected(note: NoteSession, ranges: [number, number][]): void {
    if (isLocalId(note.noteId)) return;
    this.options.crowd().point({ noteId: note.noteId, selection: ranges, baseSeq: note.replica.seq });
  }

  noteReleased(note: NoteSession): void {
    this.options.crowd().leaveNote(note.noteId);
    this.#closeIfDone(note);
  }

  // ----------------------------------------------------------------------------------------------------------

  #make(Notes: typeof OpenNotes): OpenNotes {
    const { workspaceId, link, board } = this.options;
    return new Notes({
      workspaceId,
      link,
      host: this,
      onChanged: (noteId, isOwn) => this.#changed(noteId, isOwn),
      onMeta: (meta) => board.keepNote(meta),
      onCursors: (cursors) => this.options.crowd().moveCursors(cursors),
      onRefused: (noteId, text, error) => {
        this.options.onLeftOver(noteId, text, error.code);
        this.options.onRefused(noteId, error);
      },
      onReady: () => this.options.onReady(),
      isLive: () => this.options.isLive()
    });
  }

  #all(): NoteSession[] {
    return [...(this.#notes?.sessions.values() ?? [])];
  }

  #find(noteId: string): NoteSession | undefined {
    return this.#notes?.sessions.get(noteId);
  }

  #unopened(): NoteSession[] {
    return this.#all().filter((note) => !note.isOpen && !isLocalId(note.noteId));
  }

  #changed(noteId: string, isOwn: boolean): void {
    this.options.onChanged(noteId, isOwn);
    const note = this.#find(noteId);
    if (!note) return;
    this.#closeIfDone(note);
    this.#excerpts.touch(noteId, () => {
      if (note.phase === 'ready')
        this.options.board.setExcerpt(noteId, excerptOf(note.doc.sliceString(0, 400)));
    });
  }

  #closeIfDone(note: NoteSession): void {
    if (note.isUsed || note.pendingCount > 0 || !note.isOpen) return;
    this.options.shelf.records.set(note.noteId, note.replica.toRecord());
    this.#notes!.close(note);
  }
}
