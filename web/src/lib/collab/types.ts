/** What the rest of the client sees of a workspace that is shared live. All of it is plain data. */

export type ConnectionState = 'idle' | 'connecting' | 'joining' | 'live' | 'stale' | 'offline' | 'denied';
export type SaveState = 'saved' | 'saving' | 'waiting';
export type Role = 'owner' | 'admin' | 'member' | 'viewer';
export type Status = 'online' | 'away' | 'busy';

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Workspace {
  id: string;
  name: string;
  description: string | null;
  icon: string | null;
  color: string | null;
  privacy: string;
  /** In which words are found in their other forms; null: as the server is set. */
  searchLanguage?: string | null;
  ownerId: string;
  role?: Role;
  seq?: number;
  createdAt?: string;
  updatedAt?: string;
}

/** A note without its text. `excerpt` is the first 200 characters. */
export interface NoteMeta {
  id: string;
  workspaceId: string;
  title: string;
  excerpt: string;
  authorId: string;
  collectionId: string | null;
  position: Point;
  size: Size;
  color: string | null;
  tags: string[];
  seq: number;
  createdAt: string;
  updatedAt: string;
  /** Comment threads that are not resolved. */
  openThreads?: number;
  /** Set while the server has not numbered the note yet; `id` is then a local one and will change. */
  isLocal?: boolean;
}

export interface NewNote {
  title: string;
  content: string;
  position: Point;
  size: Size;
  color: string;
  tags: string[];
  collectionId: string | null;
}

export interface NoteChanges {
  title?: string;
  position?: Point;
  size?: Size;
  color?: string | null;
  collectionId?: string | null;
}

export interface TagChanges {
  add?: string[];
  remove?: string[];
}

export interface Collection {
  id: string;
  name: string;
  parentId: string | null;
  [field: string]: unknown;
}

export interface NoteConnection {
  id: string;
  fromNoteId?: string;
  toNoteId?: string;
  label?: string | null;
  style?: string | null;
  [field: string]: unknown;
}

export interface Presence {
  userId: string;
  userName: string;
  avatarUrl: string | null;
  color: string;
  status: Status;
  clientId: string;
  noteId?: string | null;
  lastSeen: string;
}

/** Where another person points. `selection` counts code points of the note's text on the server. */
export interface RemoteCursor {
  clientId: string;
  userId: string;
  userName: string;
  color: string;
  noteId?: string | null;
  position?: Point | null;
  selection?: [number, number][] | null;
  timestamp: string | number;
}

/** Text of ours that the server did not take; kept on this device until it is dismissed. */
export interface Draft {
  id: string;
  workspaceId: string;
  noteId: string;
  title: string;
  text: string;
  /** The error code that says why, or `MERGED` when both versions touched the same place. */
  reason: string;
  at: string;
}

export interface ErrorBody {
  code: string;
  message: string;
  details?: unknown;
  requestId?: string;
}
