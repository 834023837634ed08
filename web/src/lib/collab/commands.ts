/**
 * Changes of notes as a whole (made, moved, renamed, deleted …) on their way to the server. Pure.
 *
 * As with edits, one command per note is in flight; what waits behind it is put together, so that a drag of a
 * hundred steps sends its last place and not its way. What is shown is the server's state with all of it on top.
 */
import { EVENTS } from './protocol';
import type { NewNote, NoteChanges, NoteMeta, TagChanges } from './types';

export type Command =
  | { kind: 'create'; noteId: string; note: Partial<NewNote>; meta: NoteMeta }
  | { kind: 'update'; noteId: string; set: NoteChanges; tags: TagChanges }
  | { kind: 'delete'; noteId: string }
  | { kind: 'restore'; noteId: string };

export interface CommandNumber {
  clientId: string;
  clientSeq: number;
}

export interface Queued {
  command: Command;
  /** Set from the first time it is sent: a resend has the same number. */
  number: CommandNumber | null;
}

export class CommandQueue {
  #queue: Queued[];

  constructor(queue: Queued[] = []) {
    this.#queue = queue;
  }

  get size(): number {
    return this.#queue.length;
  }

  toRecord(): Queued[] {
    return structuredClone(this.#queue);
  }

  add(command: Command): void {
    const last = this.#queue.findLast((queued) => queued.command.noteId === command.noteId);
    if (last && !last.number && last.command.kind === 'update' && command.kind === 'update') {
      last.command = joined(last.command, command);
    } else this.#queue.push({ command, number: null });
  }

  /** Numbers and returns the commands that may be sent now; `take` gives the next number. */
  freeze(take: () => CommandNumber): Queued[] {
    const busy = new Set<string>();
    const ready: Queued[] = [];
    for (const queued of this.#queue) {
      const { noteId } = queued.command;
      if (!queued.number && !busy.has(noteId)) {
        queued.number = take();
        ready.push(queued);
      }
      busy.add(noteId);
    }
    return ready;
  }

  inFlight(): Queued[] {
    return this.#queue.filter((queued) => queued.number !== null);
  }

  /** The commands that one was sent under a number whose fate is unknown and cannot be asked for get a new one. */
  renumber(): void {
    for (const queued of this.#queue) queued.number = null;
  }

  /** Takes the command of this number out, because it was accepted or refused. */
  finish(number: CommandNumber): Command | null {
    const index = this.#queue.findIndex(
      (queued) => queued.number?.clientId === number.clientId && queued.number.clientSeq === number.clientSeq
    );
    return index < 0 ? null : this.#queue.splice(index, 1)[0]!.command;
  }

  /** Gives a note made here the id that the server gave it. */
  rename(from: string, to: string): void {
    for (const queued of this.#queue) {
      if (queued.command.noteId === from) queued.command = { ...queued.command, noteId: to };
    }
  }

  /** Drops what waits for a note that will never be. */
  forget(noteId: string): void {
    this.#queue = this.#queue.filter((queued) => queued.command.noteId !== noteId);
  }

  noteIds(): Set<string> {
    return new Set(this.#queue.map((queued) => queued.command.noteId));
  }

  /** The note as its reader sees it: `known` is the server's, null where it has none or has deleted it. */
  overlay(noteId: string, known: NoteMeta | null, deleted: NoteMeta | null): NoteMeta | null {
    let note = known;
    for (const { command } of this.#queue) {
      if (command.noteId !== noteId) continue;
      if (command.kind === 'create') note = command.meta;
      else if (command.kind === 'delete') note = null;
      else if (command.kind === 'restore') note = note ?? deleted;
      else if (note) note = updated(note, command.set, command.tags);
    }
    return note;
  }
}

export function updated(note: NoteMeta, set: NoteChanges, tags: TagChanges): NoteMeta {
  const removed = new Set(tags.remove);
  const kept = note.tags.filter((tag) => !removed.has(tag));
  return { ...note, ...set, tags: [...new Set([...kept, ...(tags.add ?? [])])] };
}

type Update = Extract<Command, { kind: 'update' }>;

function joined(first: Update, second: Update): Update {
  const isNot =
    (tags: string[] = []) =>
    (tag: string) =>
      !tags.includes(tag);
  const add = [...(first.tags.add ?? []).filter(isNot(second.tags.remove)), ...(second.tags.add ?? [])];
  const remove = [...(first.tags.remove ?? []).filter(isNot(second.tags.add)), ...(second.tags.remove ?? [])];
  return {
    ...first,
    set: { ...first.set, ...second.set },
    tags: { add: [...new Set(add)], remove: [...new Set(remove)] }
  };
}

/** The event and payload of a numbered command. */
export function frameOf(workspaceId: string, { command, number }: Queued): [name: string, payload: object] {
  const numbered = { workspaceId, ...number };
  switch (command.kind) {
    case 'create':
      return [EVENTS.create, { ...numbered, note: command.note }];
    case 'update': {
      const { add = [], remove = [] } = command.tags;
      const tags = add.length + remove.length > 0 ? { tags: { add, remove } } : {};
      return [EVENTS.update, { ...numbered, noteId: command.noteId, set: command.set, ...tags }];
    }
    case 'delete':
      return [EVENTS.delete, { ...numbered, noteId: command.noteId }];
    case 'restore':
      return [EVENTS.restore, { ...numbered, noteId: command.noteId }];
  }
}
