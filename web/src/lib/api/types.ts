/** The values of the REST contract, as they come over the wire. Times are ISO 8601 UTC. */
import type { NoteMeta, Point, Role, Size, Workspace } from '#lib/collab/types';

export type { NoteMeta, Role, Workspace };

export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly emailVerified: boolean;
  readonly role: 'user' | 'admin';
  readonly createdAt: string;
}

/** `expiresIn`: seconds until the access token ends. */
export interface Session {
  readonly user: User;
  readonly accessToken: string;
  readonly expiresIn: number;
}

export interface Member {
  readonly userId: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly role: Role;
  readonly joinedAt: string;
  readonly online: boolean;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}

export interface Note extends Omit<NoteMeta, 'excerpt' | 'isLocal'> {
  readonly content: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface NewWorkspace {
  readonly name: string;
  readonly description?: string;
  readonly icon?: string;
  readonly color?: string;
}

export interface NoteQuery {
  readonly sort?: 'updated' | 'created' | 'title';
  readonly tag?: string;
  readonly collectionId?: string;
}

export interface SearchHit {
  readonly type: 'note' | 'file' | 'chat';
  readonly id: string;
  readonly workspaceId: string;
  readonly title: string;
  readonly snippet: string;
  readonly score: number;
}

export type SearchKind = 'notes' | 'files' | 'chat' | 'all';

export interface TrashedNote extends NoteMeta {
  readonly deletedAt: string;
}

export interface HistoryEntry {
  readonly fromSeq: number;
  readonly seq: number;
  readonly userId: string;
  readonly userName: string;
  readonly at: string;
}

export interface StoredFile {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly createdAt: string;
}

export interface Notification {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly actionUrl: string | null;
  readonly readAt: string | null;
  readonly createdAt: string;
}

export type { Point, Size };
