/** The comments of the note that is open: what the panel beside the editor and the marks in the text show. */
import type { EditorView } from '@codemirror/view';
import { commentApi } from '#lib/api/comment-calls';
import { all } from '#lib/api/calls';
import { api } from '#lib/api/more-calls';
import type { Member, Thread } from '#lib/api/types';
import { ApiError } from '#lib/api/errors';
import { newId } from '#lib/collab/identity';
import type { NoteSession, NoteView } from '#lib/collab/note-session.svelte';
import type { WorkspaceSession } from '#lib/collab/workspace-session.svelte';
import { type SaidComment, type SaidComments, saidIn } from '#lib/stores/said';
import type { Unsent } from '#lib/stores/unsent.svelte';
import { NothingToAnchor } from './anchors';
import { ThreadList, type CommentChange } from './thread-list.svelte';

/** A part of the text, in positions of the editor. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** How long a comment waits for the words it stands at to be saved. */
const SAVED_WITHIN_MS = 10_000;

export class Discussion {
  isOpen = $state(false);
  /** The thread that is looked at, in the panel and in the text. */
  activeId = $state<string | null>(null);
  /** A thread that is being begun: on a part of the text, or on the note. */
  draft = $state.raw<{ readonly quote: string; readonly isOnText: boolean } | null>(null);
  members = $state.raw<readonly Member[]>([]);
  readonly list: ThreadList;
  /** What waits for a line. */
  readonly said: SaidComments;
  /** Where the draft's part of the text is now; the editor moves it with every key. */
  draftPlace: () => Place | null = () => null;
  view: EditorView | null = null;
  /** Scrolls to a place that is out of sight. */
  reveal: (position: number) => void = () => undefined;

  constructor(
    readonly session: WorkspaceSession,
    readonly note: NoteSession
  ) {
    this.list = new ThreadList(note.noteId);
    this.said = saidIn(session.workspaceId).comments;
  }

  get canWrite(): boolean {
    return this.session.role !== 'viewer' && this.note.phase !== 'gone';
  }

  get openCount(): number {
    if (!this.list.isLoaded) return this.session.notes.get(this.note.noteId)?.openThreads ?? 0;
    return this.list.threads.filter((thread) => !thread.resolvedAt).length;
  }

  /** Follows the note until the returned function is called. */
  start(): () => void {
    const { list, session, note } = this;
    const face: NoteView = {
      receive: () => undefined,
      selected: () => undefined,
      acknowledged: () => undefined,
      committed: (edit) => list.move(edit),
      reloaded: () => void (list.isLoaded && list.load())
    };
    const stops = [
      note.show(face),
      session.listen((_name, payload) => {
        const change = payload as CommentChange | null;
        if (!change?.kind?.startsWith('comment.')) return;
        list.apply(change);
        if (change['isResolved'] && change['threadId'] === this.activeId) this.activeId = null;
      })
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** What this person said here that the server has not got yet: in a thread, or (null) to begin one. */
  unsent(threadId: string | null): readonly Unsent<SaidComment>[] {
    return this.said.items.filter(
      ({ what }) => what.noteId === this.note.noteId && what.threadId === threadId
    );
  }

  async load(): Promise<void> {
    const members = all((query) => api.members(this.session.workspaceId, query));
    members.then((found) => (this.members = found)).catch(() => undefined);
    await this.list.load();
  }

  /** Where the threads stand in the text as it is shown here; those whose words are gone stand nowhere. */
  places(): Map<string, Place> {
    const found = new Map<string, Place>();
    const { replica } = this.note;
    for (const [id, anchor] of this.list.anchors) {
      if (!anchor || anchor.start === anchor.end) continue;
      const [from, to] = [replica.fromServerPosition(anchor.start), replica.fromServerPosition(anchor.end)];
      if (from < to) found.set(id, { from, to });
    }
    return found;
  }

  /** Begins a thread on what is selected, or on the note as a whole. */
  begin(place: Place | null): void {
    if (!this.canWrite) return;
    this.isOpen = true;
    this.activeId = null;
    const quote = place ? this.note.doc.sliceString(place.from, place.to) : '';
    this.draft = { quote, isOnText: place !== null };
  }

  /** Looks at a thread; `isShown` also brings its words into sight. */
  look(threadId: string, isShown = false): void {
    this.isOpen = true;
    this.activeId = threadId;
    const place = isShown ? this.places().get(threadId) : undefined;
    if (!place || !this.view) return;
    this.view.dispatch({ selection: { anchor: place.from }, scrollIntoView: true });
  }

  close(): void {
    this.isOpen = false;
    this.draft = null;
    this.activeId = null;
    this.view?.focus();
  }

  // --- what people do: shown when the server has it; what is said without a line waits for one ---------------

  /** Throws `NothingToAnchor` when the words it is about are not saved in time, or gone. */
  async send(text: string, key: string): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    const place = draft.isOnText ? this.draftPlace() : null;
    const words = place ? this.note.doc.sliceString(place.from, place.to) : '';
    if (draft.isOnText && !words) throw new NothingToAnchor();
    const quote = place && { words, at: place.from };
    const isHeld = await this.#orHold({ threadId: null, text, quote }, key, () => this.#start(text, key));
    if (isHeld) this.draft = null;
  }

  async reply(thread: Thread, text: string, key: string): Promise<void> {
    const { id, noteId } = thread;
    await this.#orHold({ threadId: id, text, quote: null }, key, async () => {
      await commentApi.reply(noteId, id, text, key);
      await this.#done();
    });
  }

  /** Whether it had to be put aside. */
  async #orHold(said: Omit<SaidComment, 'noteId'>, key: string, work: () => Promise<void>): Promise<boolean> {
    try {
      if (this.session.state === 'live') {
        await work();
        return false;
      }
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'OFFLINE') throw error;
    }
    this.said.hold({ ...said, noteId: this.note.noteId }, key);
    return true;
  }

  async #start(text: string, key: string): Promise<void> {
    const { note, draft } = this;
    if (!draft?.isOnText) {
      await this.#started(commentApi.startThread(note.noteId, { text }, key));
      return;
    }
    // Only what the server has can be pointed at.
    await this.#saved();
    const place = this.draftPlace();
    if (!place || place.from >= place.to) throw new NothingToAnchor();
    const { replica } = note;
    const anchor = { start: replica.toServerPosition(place.from), end: replica.toServerPosition(place.to) };
    await this.#started(commentApi.startThread(note.noteId, { text, anchor, baseSeq: replica.seq }, key));
  }

  async resolve(thread: Thread, isResolved: boolean): Promise<void> {
    await commentApi.resolve(thread.noteId, thread.id, isResolved);
    await this.#done();
  }

  async edit(thread: Thread, commentId: string, text: string): Promise<void> {
    await commentApi.editComment(thread.noteId, thread.id, commentId, text);
    await this.#done();
  }

  async remove(thread: Thread, commentId: string): Promise<void> {
    await commentApi.deleteComment(thread.noteId, thread.id, commentId);
    await this.#done();
  }

  newKey = (): string => newId();

  async #started(asked: ReturnType<typeof commentApi.startThread>): Promise<void> {
    const { thread } = await asked;
    this.draft = null;
    this.activeId = thread.id;
    await this.#done();
  }

  /** The stream brings it; without one it is asked for. */
  async #done(): Promise<void> {
    if (this.session.state !== 'live') await this.list.load();
  }

  async #saved(): Promise<void> {
    const end = performance.now() + SAVED_WITHIN_MS;
    while (this.note.pendingCount > 0) {
      if (performance.now() > end) throw new NothingToAnchor();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}
