/** The events of the realtime contract: their names, and checks of what comes in. Nothing unchecked goes further. */
import * as v from 'valibot';
import type {
  Collection,
  ErrorBody,
  NoteConnection,
  NoteMeta,
  Presence,
  RemoteCursor,
  Role,
  Workspace
} from './types';

export const EVENTS = {
  join: 'workspace:join',
  open: 'note:open',
  close: 'note:close',
  edit: 'collaboration:edit',
  cursor: 'collaboration:cursor',
  create: 'note:create',
  update: 'note:update',
  delete: 'note:delete',
  restore: 'note:restore',
  presence: 'presence:update',
  changes: 'workspace:update',
  resync: 'workspace:resync',
  moved: 'workspace:moved',
  expired: 'auth:expired',
  refresh: 'auth:refresh',
  revoked: 'auth:revoked',
  draining: 'server:draining',
  error: 'error'
} as const;

const seq = v.pipe(v.number(), v.integer(), v.minValue(0));
const id = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const op = v.array(v.union([count, v.string(), v.object({ d: count })]));
/** Records that are shown but not reckoned with: the server's shape is taken as it is, if it has its id. */
const record = <T>(key: string) =>
  v.custom<T>((value) => typeof (value as Record<string, unknown> | null)?.[key] === 'string');

const edit = v.object({
  seq,
  fromSeq: v.optional(seq),
  op,
  clientId: v.nullish(v.string()),
  clientSeq: v.nullish(v.number())
});

const change = v.looseObject({
  seq,
  kind: v.string(),
  userId: v.nullish(v.string()),
  clientId: v.nullish(v.string()),
  clientSeq: v.nullish(v.number())
});
export type Change = v.InferOutput<typeof change>;

export const editsEvent = v.object({ workspaceId: id, noteId: id, edits: v.array(edit) });
export const changesEvent = v.object({ workspaceId: id, changes: v.array(change) });
export const cursorsEvent = v.object({ workspaceId: id, cursors: v.array(record<RemoteCursor>('clientId')) });
const presences = v.optional(v.array(record<Presence>('clientId')), []);
export const presenceEvent = v.object({
  workspaceId: id,
  joins: presences,
  leaves: presences,
  updates: presences
});
export const resyncEvent = v.object({ workspaceId: id });
export const movedEvent = v.object({ workspaceId: id, url: v.optional(v.pipe(v.string(), v.url())) });
export const drainingEvent = v.object({ reconnectInMs: v.optional(v.number(), 1000) });

export const joinReply = v.object({
  seq,
  role: v.custom<Role>((value) => ['owner', 'admin', 'member', 'viewer'].includes(value as string)),
  clientId: id,
  workspace: record<Workspace>('id'),
  notes: v.optional(v.array(record<NoteMeta>('id'))),
  collections: v.optional(v.array(record<Collection>('id'))),
  connections: v.optional(v.array(record<NoteConnection>('id'))),
  presence: presences,
  catchUp: v.optional(v.array(change))
});
export type JoinReply = v.InferOutput<typeof joinReply>;

export const openReply = v.object({
  noteId: id,
  seq,
  content: v.optional(v.string()),
  edits: v.optional(v.array(edit)),
  meta: v.optional(record<NoteMeta>('id')),
  cursors: v.optional(v.array(record<RemoteCursor>('clientId')), [])
});

export type OpenReply = v.InferOutput<typeof openReply>;

export const submitReply = v.looseObject({
  seq,
  duplicate: v.optional(v.boolean()),
  note: v.optional(record<NoteMeta>('id'))
});
export type SubmitReply = v.InferOutput<typeof submitReply>;

const errorBody = v.looseObject({ code: v.string(), message: v.optional(v.string(), '') });
export const errorReply = v.looseObject({ error: errorBody });

/** What came back for a request: the checked result, an error with its code, or nothing, which is *unknown outcome*. */
export type Reply<T> = { kind: 'ok'; value: T } | { kind: 'error'; error: ErrorBody } | { kind: 'lost' };

export function readReply<T>(schema: v.GenericSchema<unknown, T>, payload: unknown): Reply<T> {
  const failed = v.safeParse(errorReply, payload);
  if (failed.success) return { kind: 'error', error: failed.output.error };
  const parsed = v.safeParse(schema, payload);
  if (parsed.success) return { kind: 'ok', value: parsed.output };
  return { kind: 'error', error: { code: 'MALFORMED_REPLY', message: v.summarize(parsed.issues) } };
}

/** Errors after which the same request, byte for byte, may succeed later. */
const TRANSIENT = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'TOKEN_EXPIRED', 'TIMEOUT']);
export const isTransient = (error: ErrorBody): boolean => TRANSIENT.has(error.code);

/** Milliseconds that the server asks to wait, if it does. */
export function retryAfter(error: ErrorBody): number {
  const seconds = (error.details as { retryAfterSeconds?: unknown } | null)?.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds * 1000 : 1000;
}
