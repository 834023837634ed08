/** What a workspace session finds and keeps on this device: identity, texts, drafts, the last view of the workspace. */
import { SvelteMap } from 'svelte/reactivity';
import { claimAbandoned, claimIdentity, newId, type Claim } from './identity';
import { Outbox } from './outbox';
import { PendingStore, type SnapshotRecord } from './pending';
import type { ReplicaRecord } from './session';
import type { Draft } from './types';

const SNAPSHOT_EVERY_MS = 2_000;

export class Shelf {
  readonly drafts = new SvelteMap<string, Draft>();
  /** Texts as they were last stored under our identity. */
  readonly records = new Map<string, ReplicaRecord>();
  /** The workspace as it was last seen, for reading without a line. */
  found: SnapshotRecord | null = null;
  #store: PendingStore | null = null;
  #userId = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waitedFor = new Set<string>();
  #closed = new AbortController();

  constructor(
    private readonly workspaceId: string,
    private readonly sources: { snapshot: () => SnapshotRecord | null }
  ) {}

  /**
   * Takes an identity and reads what is stored under it. `userId` null: nobody could be asked, so the last one.
   * Where nothing can be stored, all goes on in memory.
   */
  async open(
    userId: string | null,
    claim: Claim | null,
    replicaOf: (noteId: string) => ReplicaRecord | null
  ): Promise<Outbox> {
    try {
      this.#store = await PendingStore.open();
      claim ??= await claimIdentity(this.#store, this.workspaceId, userId);
    } catch (error) {
      console.warn('Nothing can be stored on this device', error);
    }
    claim ??= memoryClaim(this.workspaceId, userId ?? 'me');
    this.#userId = claim.record.userId;
    await this.#read(claim.record.key);
    return new Outbox(this.#store, claim, replicaOf);
  }

  keep(draft: Draft): void {
    this.drafts.set(draft.id, draft);
    void this.#store?.saveDraft(this.#userId, draft);
  }

  dismiss(id: string): void {
    this.drafts.delete(id);
    void this.#store?.deleteDraft(id);
  }

  saveSnapshotSoon(): void {
    this.#timer ??= setTimeout(() => this.saveSnapshot(), SNAPSHOT_EVERY_MS);
  }

  saveSnapshot(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const snapshot = this.sources.snapshot();
    if (!snapshot || !this.#store) return;
    this.#store.saveSnapshot(snapshot).catch((error: unknown) => {
      console.warn('The workspace could not be stored for reading offline', error);
    });
  }

  /** Waits for tabs that hold something unsent to be gone, and has it sent then. */
  rescue(own: Outbox, send: (claim: Claim) => Promise<void>): void {
    const store = this.#store;
    if (!store) return;
    const wait = async (): Promise<void> => {
      for (const { key, userId } of await store.identities(this.workspaceId)) {
        if (key === own.key || userId !== own.userId || this.#waitedFor.has(key)) continue;
        this.#waitedFor.add(key);
        void claimAbandoned(store, key, this.#closed.signal).then(async (claim) => {
          if (claim) await send(claim);
          this.#waitedFor.delete(key);
        });
      }
    };
    wait().catch((error: unknown) => console.warn('Other tabs could not be looked at', error));
  }

  close(): void {
    this.#closed.abort();
    this.#store?.close();
  }

  async #read(key: string): Promise<void> {
    const store = this.#store;
    if (!store) return;
    for (const { noteId, replica } of await store.notes(key)) this.records.set(noteId, replica);
    for (const draft of await store.drafts(this.#userId, this.workspaceId)) this.drafts.set(draft.id, draft);
    this.found = (await store.snapshot(this.#userId, this.workspaceId)) ?? null;
  }
}

/** An identity that lives in memory only, for where the browser stores nothing. */
function memoryClaim(workspaceId: string, userId: string): Claim {
  const key = `${workspaceId}/${newId()}`;
  return {
    record: { key, userId, workspaceId, clientId: null, nextClientSeq: 1, commands: [], usedAt: 0 },
    release: () => undefined
  };
}
