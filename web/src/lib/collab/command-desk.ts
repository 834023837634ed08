/** Own changes of whole notes: taking them, sending them, and what becomes of them. */
import type { Board } from './board.svelte';
import { frameOf, type Command, type Queued } from './commands';
import { newId } from './identity';
import type { Outbox } from './outbox';
import { isTransient, retryAfter, submitReply, type Change, type Reply, type SubmitReply } from './protocol';
import type { Link } from './socket';
import type { ErrorBody, NewNote, NoteMeta } from './types';
import { excerptOf } from './workspace-state';

export interface DeskOptions {
  workspaceId: string;
  link: Link;
  board: Board;
  /** A command was taken, or is done with: there may be more to send. */
  onChanged: () => void;
  /** A note made here has its id from the server now. */
  onCreated: (localId: string, noteId: string) => void;
  onRefused: (command: Command, error: ErrorBody) => void;
}

interface Creation {
  resolve: (note: NoteMeta) => void;
  reject: (error: Error) => void;
  onId: (id: string) => void;
}

export const isLocalId = (noteId: string): boolean => noteId.startsWith('local-');

export class CommandDesk {
  #outbox: Outbox | null = null;
  /** Commands given before it was known under which identity they go. */
  #early: Command[] = [];
  #creations = new Map<string, Creation>();

  constructor(private readonly options: DeskOptions) {}

  get size(): number {
    return this.#outbox?.commands.size ?? this.#early.length;
  }

  start(outbox: Outbox): void {
    this.#outbox = outbox;
    for (const command of this.#early.splice(0)) outbox.commands.add(command);
  }

  take(command: Command): void {
    if (this.#outbox) this.#outbox.commands.add(command);
    else this.#early.push(command);
    this.options.board.show(command.noteId);
    void this.#outbox?.flush();
    this.options.onChanged();
  }

  create(note: Partial<NewNote>, onId: (id: string) => void): Promise<NoteMeta> {
    const noteId = `local-${newId()}`;
    const now = new Date().toISOString();
    const meta: NoteMeta = {
      id: noteId,
      workspaceId: this.options.workspaceId,
      title: note.title ?? '',
      excerpt: excerptOf(note.content ?? ''),
      authorId: this.#outbox?.userId ?? '',
      collectionId: note.collectionId ?? null,
      position: note.position ?? { x: 0, y: 0 },
      size: note.size ?? { width: 240, height: 160 },
      color: note.color ?? null,
      tags: note.tags ?? [],
      seq: 0,
      createdAt: now,
      updatedAt: now,
      isLocal: true
    };
    const created = new Promise<NoteMeta>((resolve, reject) =>
      this.#creations.set(noteId, { resolve, reject, onId })
    );
    this.take({ kind: 'create', noteId, note: { ...note, title: meta.title }, meta });
    onId(noteId);
    return created;
  }

  /** Numbers what may go out now and gives the ways to send it, each once. */
  freeze(): (() => void)[] {
    const outbox = this.#outbox;
    if (!outbox) return [];
    return outbox.commands.freeze(outbox.takeNumber).map((queued) => () => this.#send(queued));
  }

  /** What was in flight when the line broke. */
  resends(): [clientSeq: number, send: () => void][] {
    const queue = this.#outbox?.commands.inFlight() ?? [];
    return queue.map((queued) => [queued.number!.clientSeq, () => this.#send(queued)]);
  }

  /** A change came in; if it is the own one of a command, that is done. `noteId` is whom it is about. */
  confirm({ clientId, clientSeq }: Change, noteId: string | undefined): void {
    if (!clientId || !clientSeq) return;
    const command = this.#outbox?.commands.finish({ clientId, clientSeq });
    if (command?.kind === 'create' && noteId) this.#created(command.noteId, noteId);
    if (command) this.options.board.show(command.noteId);
  }

  #send(queued: Queued): void {
    const [name, payload] = frameOf(this.options.workspaceId, queued);
    this.options.link.request(name, payload, submitReply, (reply) => this.#answered(queued, reply));
  }

  #answered(queued: Queued, reply: Reply<SubmitReply>): void {
    if (reply.kind === 'lost') return;
    if (reply.kind === 'error' && isTransient(reply.error)) {
      const { link } = this.options;
      const connection = link.generation;
      setTimeout(() => connection === link.generation && this.#send(queued), retryAfter(reply.error));
      return;
    }
    const command = queued.number && this.#outbox!.commands.finish(queued.number);
    if (!command) return;
    if (reply.kind === 'ok') this.#accepted(command, reply.value);
    else this.#refused(command, reply.error);
    this.options.board.show(command.noteId);
    void this.#outbox!.flush();
    this.options.onChanged();
  }

  /** Normally the change came in the stream before its answer; this is for when it did not. */
  #accepted(command: Command, { seq, note }: SubmitReply): void {
    const { board } = this.options;
    if (command.kind === 'create') {
      if (!note) return;
      board.keepNote(note);
      this.#created(command.noteId, note.id);
    } else if (command.kind === 'update') board.assume({ ...command, kind: 'note.updated', seq });
    else board.assume({ kind: `note.${command.kind}d`, seq, noteId: command.noteId });
  }

  #refused(command: Command, error: ErrorBody): void {
    this.options.onRefused(command, error);
    if (command.kind !== 'create') return;
    this.#outbox!.commands.forget(command.noteId);
    this.#creations
      .get(command.noteId)
      ?.reject(Object.assign(new Error(error.message), { code: error.code }));
    this.#creations.delete(command.noteId);
  }

  #created(localId: string, noteId: string): void {
    this.#outbox!.commands.rename(localId, noteId);
    this.#creations.get(localId)?.onId(noteId);
    this.options.board.show(localId);
    this.options.board.show(noteId);
    this.options.onCreated(localId, noteId);
    this.#creations.get(localId)?.resolve(this.options.board.notes.get(noteId)!);
    this.#creations.delete(localId);
  }
}
