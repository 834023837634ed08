/**
 * What this tab has not yet got acknowledged, under which numbers, and that all of it is stored before it is sent:
 * a number that went out must be found again after a crash, or its resend would be a second edit.
 */
import { CommandQueue, type CommandNumber } from './commands';
import type { Claim } from './identity';
import { Writer, type IdentityRecord, type NoteRecord, type PendingStore } from './pending';
import type { ReplicaRecord } from './session';

/** How long changes that only others made may stay unstored. */
const LAZY_MS = 1_000;

export class Outbox {
  readonly commands: CommandQueue;
  #record: IdentityRecord;
  #dirty = new Set<string>();
  #gone = new Set<string>();
  #hasFailed = false;
  #lazy: ReturnType<typeof setTimeout> | null = null;
  #writer = new Writer(() => this.#write());

  constructor(
    private readonly store: PendingStore | null,
    private readonly claim: Claim,
    /** The state of a note to store; null when there is none. */
    private readonly replicaOf: (noteId: string) => ReplicaRecord | null
  ) {
    this.#record = claim.record;
    this.commands = new CommandQueue(claim.record.commands);
  }

  get key(): string {
    return this.#record.key;
  }

  get userId(): string {
    return this.#record.userId;
  }

  get clientId(): string | null {
    return this.#record.clientId;
  }

  /** Takes the client id that the server gave. True when it is another than the one we numbered under. */
  adopt(clientId: string): boolean {
    const isOther = this.#record.clientId !== clientId;
    const isLost = isOther && this.#record.clientId !== null;
    if (isOther) {
      this.#record.clientId = clientId;
      this.#record.nextClientSeq = 1;
      void this.flush();
    }
    return isLost;
  }

  takeNumber = (): CommandNumber => ({
    clientId: this.#record.clientId ?? '',
    clientSeq: this.#record.nextClientSeq++
  });

  /** The note's state changed. Own typing is stored at once, what others did within a second. */
  mark(noteId: string, isOwn: boolean): void {
    this.#dirty.add(noteId);
    if (isOwn) void this.flush();
    else this.#lazy ??= setTimeout(() => void this.flush(), LAZY_MS);
  }

  forget(noteId: string): void {
    this.#dirty.delete(noteId);
    this.#gone.add(noteId);
    void this.flush();
  }

  /** Resolves when all there is now is stored, or cannot be. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** For when the page may be gone in a moment. */
  flushNow(): void {
    if (this.#dirty.size > 0 || this.commands.size > 0) void this.#writer.flushNow();
  }

  /** Whether all of it would be found again if the page were gone now. */
  get isStored(): boolean {
    return this.store !== null && !this.#hasFailed && this.#dirty.size === 0;
  }

  async close(): Promise<void> {
    await this.flush();
    if (this.#lazy !== null) clearTimeout(this.#lazy);
    this.claim.release();
  }

  async #write(): Promise<void> {
    if (!this.store) return;
    if (this.#lazy !== null) clearTimeout(this.#lazy);
    this.#lazy = null;
    const notes: NoteRecord[] = [];
    for (const noteId of this.#dirty) {
      const replica = this.replicaOf(noteId);
      if (replica) notes.push({ identity: this.key, noteId, replica });
    }
    const gone = [...this.#gone];
    this.#dirty.clear();
    this.#gone.clear();
    const record = { ...this.#record, commands: this.commands.toRecord(), usedAt: Date.now() };
    try {
      await this.store.save(record, notes, gone);
      this.#hasFailed = false;
    } catch (error) {
      // A full or forbidden disk must not stop the work; the page warns before it is left with unsent edits.
      this.#hasFailed = true;
      for (const { noteId } of notes) this.#dirty.add(noteId);
      console.warn('Unsent edits could not be stored on this device', error);
    }
  }
}
