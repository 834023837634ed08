/**
 * What must survive a closed tab: edits and commands that the server has not acknowledged, the texts they were
 * made on, drafts, and the last workspace for reading without a line. Kept in IndexedDB.
 *
 * Everything hangs on an *identity*: the client id under which the server knows the numbers of what was sent. Only
 * the tab that holds the identity's lock may touch it (see identity.ts).
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Queued } from './commands';
import type { ReplicaRecord } from './session';
import type { Collection, Draft, NoteConnection, NoteMeta, Role, Workspace } from './types';

export interface IdentityRecord {
  key: string;
  userId: string;
  workspaceId: string;
  clientId: string | null;
  nextClientSeq: number;
  commands: Queued[];
  usedAt: number;
}

export interface NoteRecord {
  identity: string;
  noteId: string;
  replica: ReplicaRecord;
}

export interface SnapshotRecord {
  workspaceId: string;
  userId: string;
  role: Role;
  workspace: Workspace;
  notes: NoteMeta[];
  collections: Collection[];
  connections: NoteConnection[];
}

interface Schema extends DBSchema {
  identities: { key: string; value: IdentityRecord; indexes: { workspaceId: string } };
  notes: { key: [string, string]; value: NoteRecord; indexes: { identity: string } };
  snapshots: { key: [string, string]; value: SnapshotRecord };
  drafts: { key: string; value: Draft & { userId: string } };
}

const NAME = 'notevault';
const VERSION = 1;

export class PendingStore {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(): Promise<PendingStore> {
    const db = await openDB<Schema>(NAME, VERSION, {
      upgrade(db) {
        db.createObjectStore('identities', { keyPath: 'key' }).createIndex('workspaceId', 'workspaceId');
        db.createObjectStore('notes', { keyPath: ['identity', 'noteId'] }).createIndex(
          'identity',
          'identity'
        );
        db.createObjectStore('snapshots', { keyPath: ['userId', 'workspaceId'] });
        db.createObjectStore('drafts', { keyPath: 'id' });
      },
      // A newer version of the page in another tab wants to upgrade: let it.
      blocking: (_from, _to, event) => (event.target as IDBDatabase).close()
    });
    return new PendingStore(db);
  }

  /** Identities for a workspace, those with something unsent first, then the latest used. */
  async identities(workspaceId: string): Promise<IdentityRecord[]> {
    const found = await this.db.getAllFromIndex('identities', 'workspaceId', workspaceId);
    const unsent = new Map<string, boolean>();
    for (const { key, commands } of found)
      unsent.set(key, commands.length > 0 || (await this.#hasEdits(key)));
    const rank = (record: IdentityRecord) => Number(unsent.get(record.key));
    return found.sort((a, b) => rank(b) - rank(a) || b.usedAt - a.usedAt);
  }

  async hasUnsent(identity: string): Promise<boolean> {
    const record = await this.db.get('identities', identity);
    return record !== undefined && (record.commands.length > 0 || (await this.#hasEdits(identity)));
  }

  async #hasEdits(identity: string): Promise<boolean> {
    const notes = await this.db.getAllFromIndex('notes', 'identity', identity);
    return notes.some(({ replica }) => replica.out !== null || replica.buf !== null);
  }

  identity(key: string): Promise<IdentityRecord | undefined> {
    return this.db.get('identities', key);
  }

  notes(identity: string): Promise<NoteRecord[]> {
    return this.db.getAllFromIndex('notes', 'identity', identity);
  }

  /** Stores an identity with what changed of its notes, all or nothing. `gone` are notes that it no longer needs. */
  async save(identity: IdentityRecord, notes: NoteRecord[], gone: string[]): Promise<void> {
    const tx = this.db.transaction(['identities', 'notes'], 'readwrite', { durability: 'relaxed' });
    const store = tx.objectStore('notes');
    const requests = [
      tx.objectStore('identities').put(identity),
      ...notes.map((note) => store.put(note)),
      ...gone.map((noteId) => store.delete([identity.key, noteId]))
    ];
    // Told at once, the commit happens also when the page is gone before the answers come.
    tx.commit();
    await Promise.all([...requests, tx.done]);
  }

  snapshot(userId: string, workspaceId: string): Promise<SnapshotRecord | undefined> {
    return this.db.get('snapshots', [userId, workspaceId]);
  }

  async saveSnapshot(snapshot: SnapshotRecord): Promise<void> {
    await this.db.put('snapshots', snapshot);
  }

  async drafts(userId: string, workspaceId: string): Promise<Draft[]> {
    const all = await this.db.getAll('drafts');
    return all.filter((draft) => draft.userId === userId && draft.workspaceId === workspaceId);
  }

  async saveDraft(userId: string, draft: Draft): Promise<void> {
    await this.db.put('drafts', { ...draft, userId });
  }

  async deleteDraft(id: string): Promise<void> {
    await this.db.delete('drafts', id);
  }

  /** Forgets all that the server has as well; what it has not got yet stays, for its owner to send. */
  async clearSent(): Promise<void> {
    const identities = await this.db.getAll('identities');
    for (const { key } of identities) {
      if (await this.hasUnsent(key)) continue;
      const tx = this.db.transaction(['identities', 'notes'], 'readwrite');
      const notes = tx.objectStore('notes');
      const keys = await notes.index('identity').getAllKeys(key);
      await Promise.all([
        tx.objectStore('identities').delete(key),
        ...keys.map((note) => notes.delete(note)),
        tx.done
      ]);
    }
    await this.db.clear('snapshots');
  }

  /** Whether something waits here that the server has not got from this person. */
  async hasUnsentOf(userId: string): Promise<boolean> {
    for (const { key } of await this.#identitiesOf(userId)) if (await this.hasUnsent(key)) return true;
    return (await this.db.getAll('drafts')).some((draft) => draft.userId === userId);
  }

  /** Forgets what this person left here, sent or not. */
  async clearPerson(userId: string): Promise<void> {
    const identities = await this.#identitiesOf(userId);
    const tx = this.db.transaction(['identities', 'notes', 'snapshots', 'drafts'], 'readwrite');
    const notes = tx.objectStore('notes');
    for (const { key } of identities) {
      await tx.objectStore('identities').delete(key);
      for (const note of await notes.index('identity').getAllKeys(key)) await notes.delete(note);
    }
    await tx.objectStore('snapshots').clear();
    const drafts = tx.objectStore('drafts');
    for (const draft of await drafts.getAll()) if (draft.userId === userId) await drafts.delete(draft.id);
    await tx.done;
  }

  async #identitiesOf(userId: string): Promise<IdentityRecord[]> {
    return (await this.db.getAll('identities')).filter((record) => record.userId === userId);
  }

  close(): void {
    this.db.close();
  }
}

/**
 * Runs one write at a time; whoever asks while one runs shares the next. So a burst of keys is a few writes, and
 * the promise of `flush` means: what was there when you asked is stored.
 */
export class Writer {
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(private readonly write: () => Promise<void>) {}

  /** Writes without waiting for what runs: the page may be gone in a moment. The database keeps the order. */
  flushNow(): Promise<void> {
    return this.write();
  }

  flush(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return (this.#running = this.write());
    });
    return this.#next;
  }
}

/** For signing out where others may come: only what would be lost otherwise stays on this device. */
export async function forgetDevice(): Promise<void> {
  const store = await PendingStore.open();
  await store.clearSent();
  store.close();
}
