/** The values of the REST contract, as the server describes them (schema.d.ts). Times are ISO 8601 UTC. */
import type { Point, Role, Size, Workspace } from '#lib/collab/types';
import type { components } from './schema';

type Schemas = components['schemas'];

export type { Point, Role, Size, Workspace };
/** What is wrong with one field of a form. `path` is dotted, empty for the whole; `message` is English. */
export type FieldProblem = Schemas['FieldProblem'];
export type FieldProblemCode = Schemas['Problem'];
export type User = Schemas['User'];
/** `expiresIn`: seconds until the access token ends. */
export type Session = Schemas['SessionAnswer'];
export type SignIn = Schemas['SignInItem'];
export type ApiToken = Schemas['ApiTokenItem'];
export type Member = Schemas['MemberItem'];
export type Invitation = Schemas['InvitationItem'];
export type Note = Schemas['NoteItem'];
export type NoteListItem = Schemas['NoteListItem'];
export type HistoryItem = Schemas['HistoryItem'];
export type NewWorkspace = Schemas['NewWorkspaceBody'];
export type Message = Schemas['MessageItem'];
export type SearchHit = Schemas['SearchItem'];
export type SavedSearch = Schemas['SavedSearchItem'];
export type StoredFile = Schemas['FileItem'];
export type AdminUser = Schemas['AdminUser'];
export type NodeItem = Schemas['NodeItem'];
export type ActorItem = Schemas['ActorItem'];
export type StorageAnswer = Schemas['StorageAnswer'];
export type Act = Schemas['ActItem'];
export type CalendarEvent = Schemas['EventItem'];
export type Thread = Schemas['ThreadItem'];
export type Notification = Schemas['NotificationItem'];

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface NoteQuery {
  readonly sort?: 'updated' | 'created' | 'title';
  readonly tag?: string;
  readonly collectionId?: string;
}

export type SearchKind = 'notes' | 'files' | 'chat' | 'all';
