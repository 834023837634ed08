/** The comment threads of one note, as the server tells them, with anchors that move with the text. */
import { commentApi } from '#lib/api/comment-calls';
import { all } from '#lib/api/calls';
import type { Thread } from '#lib/api/types';
import type { CommittedEdit } from '#lib/collab/session';
import { movedAnchor, type Anchor } from './anchors';

/** A change of comments out of the workspace's stream. */
export interface CommentChange {
  readonly seq: number;
  readonly kind: string;
  readonly userId?: string | null | undefined;
  readonly [field: string]: unknown;
}

export class ThreadList {
  threads = $state.raw<readonly Thread[]>([]);
  isLoaded = $state(false);
  failure = $state.raw<unknown>(null);
  /** Places in the server's text; empty where what a thread stood at is gone, null for the note as a whole. */
  anchors = $state.raw<ReadonlyMap<string, Anchor | null>>(new Map());
  /** What came since the list was asked for, whose answer may be older; null when it is not being asked for. */
  #late: { edits: CommittedEdit[]; changes: CommentChange[] } | null = null;
  #loading = 0;

  constructor(readonly noteId: string) {}

  /** Asks for the list; what was known stays in sight meanwhile. */
  async load(): Promise<void> {
    const load = ++this.#loading;
    this.#late = { edits: [], changes: [] };
    this.failure = null;
    try {
      const threads = await all((query) => commentApi.threads(this.noteId, query));
      if (load === this.#loading) this.#take(threads);
    } catch (error) {
      if (load === this.#loading) this.failure = error;
    } finally {
      if (load === this.#loading) this.#late = null;
    }
  }

  /** The next edit of the note's stream. */
  move(edit: CommittedEdit): void {
    this.#late?.edits.push(edit);
    if (!this.isLoaded) return;
    // Several edits in one, of which a thread knows some: only the server can tell where it is now.
    const { fromSeq = edit.seq } = edit;
    if (this.threads.some(({ seq }) => fromSeq <= seq && seq < edit.seq)) return void this.load();
    this.anchors = new Map(
      [...this.anchors].map(([id, anchor]) => [
        id,
        anchor && this.#isNews(id, edit) ? movedAnchor(anchor, edit.op) : anchor
      ])
    );
  }

  /** The next change of comments. */
  apply(change: CommentChange): void {
    if (change['noteId'] !== this.noteId) return;
    this.#late?.changes.push(change);
    if (this.isLoaded) this.#change(change);
  }

  #take(threads: readonly Thread[]): void {
    this.threads = threads;
    this.isLoaded = true;
    this.anchors = new Map(
      threads.map(({ id, anchor, seq }) => {
        const later = (this.#late?.edits ?? []).filter((edit) => edit.seq > seq);
        return [id, anchor && later.reduce((place, edit) => movedAnchor(place, edit.op), anchor)];
      })
    );
    for (const change of this.#late?.changes ?? []) this.#change(change);
  }

  /** An edit that came later than the list, but was told before it, is in the list's anchors already. */
  #isNews(threadId: string, edit: CommittedEdit): boolean {
    const thread = this.threads.find(({ id }) => id === threadId);
    return thread === undefined || edit.seq > thread.seq;
  }

  #change(change: CommentChange): void {
    const { seq, kind, userId } = change;
    const { threadId, commentId, text, at } = change as unknown as Record<string, string>;
    const known = this.threads.find(({ id }) => id === threadId);
    if (kind === 'comment.started' && !known) {
      const first = { id: commentId!, userId: userId!, text: text!, createdAt: at!, editedAt: null };
      const anchor = change['anchor'] as Anchor | null;
      const quote = change['quote'] as string;
      const thread = { id: threadId!, noteId: this.noteId, seq, anchor, quote, createdAt: at! };
      this.threads = [...this.threads, { ...thread, comments: [first], resolvedAt: null, resolvedBy: null }];
      this.anchors = new Map(this.anchors).set(threadId!, anchor);
    } else if (known) {
      const isGone = kind === 'comment.deleted' && known.comments[0]?.id === commentId;
      if (isGone) this.threads = this.threads.filter((thread) => thread !== known);
      else {
        const next = changed(known, change);
        this.threads = this.threads.map((thread) => (thread === known ? next : thread));
      }
    }
  }
}

function changed(thread: Thread, change: CommentChange): Thread {
  const { commentId, text, at } = change as unknown as Record<string, string>;
  const others = thread.comments.filter(({ id }) => id !== commentId);
  switch (change.kind) {
    case 'comment.replied': {
      const reply = { id: commentId!, userId: change.userId!, text: text!, createdAt: at!, editedAt: null };
      return { ...thread, comments: [...others, reply] };
    }
    case 'comment.edited':
      return {
        ...thread,
        comments: thread.comments.map((one) =>
          one.id === commentId ? { ...one, text: text!, editedAt: at! } : one
        )
      };
    case 'comment.deleted':
      return { ...thread, comments: others };
    case 'comment.resolved': {
      const isResolved = change['isResolved'] === true;
      return {
        ...thread,
        resolvedAt: isResolved ? at! : null,
        resolvedBy: isResolved ? change.userId! : null
      };
    }
    default:
      return thread;
  }
}
