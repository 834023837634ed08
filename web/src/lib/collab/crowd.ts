/** The people in the workspace: who is here, where they point, and where we do. */
import { SvelteMap } from 'svelte/reactivity';
import * as v from 'valibot';
import { CursorSender } from './cursors';
import { EVENTS } from './protocol';
import type { Link } from './socket';
import type { Point, Presence, RemoteCursor, Status } from './types';

interface CursorMove {
  noteId?: string;
  position?: Point;
  selection?: [number, number][];
  baseSeq?: number;
}

export interface CrowdOptions {
  workspaceId: string;
  link: Link;
  ownClientId: () => string;
  onCursor: (cursor: RemoteCursor) => void;
  onLeft: (clientId: string) => void;
}

export class Crowd {
  readonly presence = new SvelteMap<string, Presence>();
  readonly cursors = new SvelteMap<string, RemoteCursor>();
  #status: Status = 'online';
  #cursor: CursorMove = {};
  #sender = new CursorSender<CursorMove>((move) => {
    const { link, workspaceId } = this.options;
    link.sendVolatile(EVENTS.cursor, { workspaceId, ...move });
  });

  constructor(private readonly options: CrowdOptions) {}

  /** All who are here, after joining. */
  load(presence: Presence[]): void {
    this.clear();
    for (const entry of presence) this.presence.set(entry.clientId, entry);
    if (this.#status !== 'online') this.tellStatus();
  }

  change(diff: { joins: Presence[]; leaves: Presence[]; updates: Presence[] }): void {
    for (const entry of [...diff.joins, ...diff.updates]) this.presence.set(entry.clientId, entry);
    for (const { clientId } of diff.leaves) {
      this.presence.delete(clientId);
      this.cursors.delete(clientId);
      this.options.onLeft(clientId);
    }
  }

  moveCursors(cursors: RemoteCursor[]): void {
    for (const cursor of cursors) {
      if (cursor.clientId === this.options.ownClientId()) continue;
      this.cursors.set(cursor.clientId, cursor);
      this.options.onCursor(cursor);
    }
  }

  clear(): void {
    this.presence.clear();
    this.cursors.clear();
  }

  setStatus(status: Status): void {
    this.#status = status;
    this.tellStatus();
  }

  tellStatus(): void {
    const { link, workspaceId } = this.options;
    link.request(EVENTS.presence, { workspaceId, status: this.#status }, v.unknown(), () => undefined);
  }

  point(move: CursorMove): void {
    this.#cursor = { ...this.#cursor, ...move };
    this.#sender.push(this.#cursor);
  }

  /** We no longer have the note open that we pointed into. */
  leaveNote(noteId: string): void {
    if (this.#cursor.noteId === noteId) this.#cursor = {};
  }

  stop(): void {
    this.#sender.stop();
  }
}
