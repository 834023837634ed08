/** What the server sends unasked: checked, and handed to whom it is for. */
import * as v from 'valibot';
import {
  changesEvent,
  cursorsEvent,
  editsEvent,
  EVENTS,
  movedEvent,
  presenceEvent,
  resyncEvent,
  type Change
} from './protocol';
import type { CommittedEdit } from './session';
import type { Presence, RemoteCursor } from './types';

export interface InboundHandlers {
  edits: (noteId: string, edits: CommittedEdit[]) => void;
  changes: (changes: Change[]) => void;
  cursors: (cursors: RemoteCursor[]) => void;
  presence: (diff: { joins: Presence[]; leaves: Presence[]; updates: Presence[] }) => void;
  resync: () => void;
  /** Another node has the workspace now; `url` is a way straight to it. */
  moved: (url: string | undefined) => void;
  /** What is none of the workspace's own business: chat, notices. */
  other: (name: string, payload: unknown) => void;
}

export type Inbound = (name: string, payload: unknown) => void;

/** Events of other workspaces are none of ours, and unknown ones are for a newer client. */
export function inbound(workspaceId: string, handlers: InboundHandlers): Inbound {
  const take =
    <T extends { workspaceId: string }>(schema: v.GenericSchema<unknown, T>, use: (event: T) => void) =>
    (name: string, payload: unknown): void => {
      const parsed = v.safeParse(schema, payload);
      if (parsed.success) {
        if (parsed.output.workspaceId === workspaceId) use(parsed.output);
        return;
      }
      console.warn(`Malformed ${name}: ${v.summarize(parsed.issues)}`);
      // It may have been a change: only a fresh start is sure to have it.
      if (name === EVENTS.edit || name === EVENTS.changes) handlers.resync();
    };
  const table: Readonly<Record<string, Inbound>> = {
    [EVENTS.edit]: take(editsEvent, ({ noteId, edits }) => handlers.edits(noteId, edits)),
    [EVENTS.changes]: take(changesEvent, ({ changes }) => handlers.changes(changes)),
    [EVENTS.cursor]: take(cursorsEvent, ({ cursors }) => handlers.cursors(cursors)),
    [EVENTS.presence]: take(presenceEvent, (diff) => handlers.presence(diff)),
    [EVENTS.resync]: take(resyncEvent, () => handlers.resync()),
    [EVENTS.moved]: take(movedEvent, ({ url }) => handlers.moved(url))
  };
  return (name, payload) => {
    const known = table[name];
    if (known) known(name, payload);
    else handlers.other(name, payload);
  };
}
