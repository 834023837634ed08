/** The workspace as the server tells it: notes, collections, connections, and how a change alters them. Pure. */
import { updated } from './commands';
import type { Change, JoinReply } from './protocol';
import type { Collection, NoteChanges, NoteConnection, NoteMeta, Role, Workspace } from './types';

const EXCERPT_LENGTH = 200;
const FIELDS = ['title', 'position', 'size', 'color', 'collectionId'] as const;

/** What a change altered, for those who show it. */
export interface Touched {
  noteId?: string;
  workspace?: boolean;
  /** Set when it concerns the members: whom, and their new role (null: removed). */
  member?: { userId: string; role: Role | null };
  isDeleted?: boolean;
}

export class WorkspaceState {
  workspace: Workspace | null = null;
  notes = new Map<string, NoteMeta>();
  /** Notes deleted while we watched, so that taking it back shows them at once. */
  deleted = new Map<string, NoteMeta>();
  collections = new Map<string, Collection>();
  connections = new Map<string, NoteConnection>();

  load(reply: Pick<JoinReply, 'workspace' | 'notes' | 'collections' | 'connections'>): void {
    this.workspace = reply.workspace;
    if (!reply.notes) return;
    this.notes = new Map(reply.notes.map((note) => [note.id, withExcerpt(note)]));
    this.collections = new Map((reply.collections ?? []).map((entry) => [entry.id, entry]));
    this.connections = new Map((reply.connections ?? []).map((entry) => [entry.id, entry]));
  }

  apply(change: Change): Touched {
    const area = change.kind.slice(0, change.kind.indexOf('.'));
    switch (area) {
      case 'note':
        return this.#applyToNote(change);
      case 'collection':
        keep(this.collections, change['collection'], change['collectionId']);
        return {};
      case 'connection':
        keep(this.connections, change['connection'], change['connectionId']);
        return {};
      case 'workspace':
        return this.#applyToWorkspace(change);
      case 'comment':
        return this.#countThreads(change);
      case 'member':
        return { member: memberOf(change) };
      default:
        return {};
    }
  }

  /** Puts in what a reply of the server says of a note. */
  keepNote(note: NoteMeta): void {
    const known = this.notes.get(note.id);
    this.notes.set(note.id, withExcerpt({ ...known, ...note }));
    this.deleted.delete(note.id);
  }

  remove(noteId: string): void {
    const note = this.notes.get(noteId);
    if (note) this.deleted.set(noteId, note);
    this.notes.delete(noteId);
  }

  restore(noteId: string): void {
    const note = this.deleted.get(noteId);
    if (note) this.notes.set(noteId, note);
    this.deleted.delete(noteId);
  }

  #applyToNote(change: Change): Touched {
    const whole = change['note'] as NoteMeta | undefined;
    const noteId = (change['noteId'] as string | undefined) ?? whole?.id;
    if (!noteId) return {};
    const known = this.notes.get(noteId);
    if (change.kind === 'note.deleted') this.remove(noteId);
    else if (change.kind === 'note.purged') {
      this.notes.delete(noteId); // its deletion may not be told any more
      this.deleted.delete(noteId);
    } else if (change.kind === 'note.restored') this.restore(noteId);
    else if (change.kind === 'note.edited' && known) {
      const excerpt = (change['excerpt'] as string | undefined) ?? known.excerpt;
      this.notes.set(noteId, { ...known, excerpt, seq: change.seq });
    } else if (change.kind === 'note.updated' && known) {
      const set = (change['set'] ?? change) as Record<string, unknown>;
      const fields = Object.fromEntries(
        FIELDS.filter((name) => name in set).map((name) => [name, set[name]])
      );
      this.notes.set(noteId, { ...updated(known, fields as NoteChanges, tagsOf(change)), seq: change.seq });
    }
    if (whole && change.kind !== 'note.deleted') this.keepNote(whole);
    return { noteId };
  }

  /** Whether a deletion took a whole thread with it only the thread tells: see `comments/card-count.ts`. */
  #countThreads({ kind, ...change }: Change): Touched {
    const note = this.notes.get(change['noteId'] as string);
    const isMore = kind === 'comment.started' || (kind === 'comment.resolved' && !change['isResolved']);
    if (!note || (!isMore && kind !== 'comment.resolved')) return {};
    const openThreads = Math.max(0, (note.openThreads ?? 0) + (isMore ? 1 : -1));
    this.notes.set(note.id, { ...note, openThreads });
    return { noteId: note.id };
  }

  #applyToWorkspace(change: Change): Touched {
    if (change.kind === 'workspace.deleted') return { isDeleted: true };
    if (!this.workspace) return {};
    const set = (change['workspace'] ?? change['set'] ?? change) as Partial<Workspace>;
    const { name, description, icon, color, privacy, ownerId } = { ...this.workspace, ...set };
    this.workspace = { ...this.workspace, name, description, icon, color, privacy, ownerId };
    return { workspace: true };
  }
}

export const excerptOf = (content: string): string =>
  Array.from(content.slice(0, 2 * EXCERPT_LENGTH))
    .slice(0, EXCERPT_LENGTH)
    .join('');

function withExcerpt(note: NoteMeta): NoteMeta {
  const content = (note as NoteMeta & { content?: string }).content;
  return { ...note, excerpt: note.excerpt ?? excerptOf(content ?? '') };
}

function tagsOf(change: Change): { add: string[]; remove: string[] } {
  const tags = (change['tags'] ?? {}) as { add?: string[]; remove?: string[] };
  return {
    add: tags.add ?? (change['tagsAdded'] as string[] | undefined) ?? [],
    remove: tags.remove ?? (change['tagsRemoved'] as string[] | undefined) ?? []
  };
}

function memberOf(change: Change): { userId: string; role: Role | null } {
  const member = (change['member'] ?? change) as { userId?: string; role?: Role };
  // `userId` of the change is who did it; a flat shape names the member in `memberId` or `targetUserId`.
  const userId = (change['memberId'] ?? change['targetUserId'] ?? member.userId ?? '') as string;
  return { userId, role: change.kind === 'member.removed' ? null : (member.role ?? null) };
}

function keep<T extends { id: string }>(map: Map<string, T>, value: unknown, id: unknown): void {
  const entry = value as T | undefined;
  if (entry && typeof entry === 'object') map.set(entry.id, entry);
  else if (typeof id === 'string') map.delete(id);
}
