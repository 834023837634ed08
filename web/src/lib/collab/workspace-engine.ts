/**
 * What keeps an open workspace going: it joins, takes what the server tells, and sends what waits, in the order of
 * its numbers. The parts know their own business; this is how they meet.
 */
import { freshPage, isLeftSafely, keepBeforeFreshPage } from '#lib/utils/fresh-page';
import { Board } from './board.svelte';
import { CommandDesk } from './command-desk';
import { retryDelay } from './connection';
import type { Command } from './commands';
import { Crowd } from './crowd';
import { newId, userOf, type Claim } from './identity';
import { Horizon } from './horizon';
import { inbound, type Inbound } from './inbound';
import { isSignedOut, Lifeline, type TokenSource } from './lifeline';
import { NoteDesk } from './note-desk';
import type { NoteSession } from './note-session.svelte';
import { Outbox } from './outbox';
import { EVENTS, isTransient, joinReply, retryAfter, type Change, type JoinReply } from './protocol';
import { sendAll } from './rescue.svelte';
import { Shelf } from './shelf';
import { SocketLink, type Link, type SocketHandlers } from './socket';
import type { ConnectionState, ErrorBody } from './types';
import { Vitals } from './vitals.svelte';

export interface Refusal {
  noteId: string;
  code: string;
  message: string;
}

export interface WorkspaceSessionOptions {
  workspaceId: string;
  getToken: TokenSource;
  /** The server refused a change of ours; it is taken back. Text is kept in `drafts`. */
  onRefused?: (refusal: Refusal) => void;
  /** Sends what an abandoned tab left behind, then closes; used by the session itself. */
  claim?: Claim;
  makeLink?: (handlers: SocketHandlers) => Link;
}

/** Ways to be denied after which our unsent words have nowhere to go. */
const VISIT_KEY = 'notevault.visit.';
const FINAL = new Set(['REMOVED', 'WORKSPACE_NOT_FOUND', 'FORBIDDEN']);

export class WorkspaceEngine {
  readonly vitals = new Vitals();
  readonly workspaceId: string;
  readonly lifeline: Lifeline;
  readonly notes: NoteDesk;
  readonly desk: CommandDesk;
  readonly shelf: Shelf;
  readonly crowd: Crowd;
  readonly board = new Board(() => this.#outbox?.commands ?? null);

  /** What an earlier visit on this device had seen last. */
  readonly visitedSeq: number | null;
  /** Told of every change, and of what is none of the workspace's own business: chat, notices. */
  readonly listeners = new Set<(name: string, payload: unknown) => void>();

  readonly #options: WorkspaceSessionOptions;
  readonly #inbound: Inbound;
  readonly #horizon = new Horizon();
  #outbox: Outbox | null = null;
  #hasJoined = false;
  #hasLostNumbers = false;
  #isClosing = false;
  /** What this device has of the workspace is read. */
  readonly #started: Promise<void>;
  #isOver = false;
  #epoch = 0;
  readonly #forgetPage: () => void;

  constructor(options: WorkspaceSessionOptions) {
    this.#options = options;
    const { workspaceId } = options;
    this.workspaceId = workspaceId;
    this.visitedSeq = Number(localStorage.getItem(VISIT_KEY + workspaceId)) || null;
    this.#inbound = inbound(workspaceId, {
      edits: (noteId, edits) => {
        this.notes.receive(noteId, edits);
        const seq = edits.at(-1)?.seq ?? 0;
        this.#horizon.heard(seq);
        this.#advance(seq);
        this.#count();
      },
      changes: (changes) => {
        for (const change of changes) this.#change(change);
        this.#pump();
      },
      cursors: (cursors) => this.crowd.moveCursors(cursors),
      presence: (diff) => this.crowd.change(diff),
      resync: () => this.#resync(),
      // Without a nearer way nothing has to be done: the node that we are on has found the other.
      moved: (url) => url && void this.lifeline.moveTo(url),
      other: (name, payload) => this.#tell(name, payload)
    });
    this.lifeline = new Lifeline({
      getToken: (isRenewed) => this.#ownToken(isRenewed),
      getClientId: () => this.#outbox?.clientId ?? null,
      makeLink: options.makeLink ?? ((handlers) => new SocketLink(handlers)),
      onState: (state) => this.#entered(state),
      onUp: () => this.#join(),
      onEvent: (name, payload) => this.#inbound(name, payload),
      onWake: () => this.crowd.tellStatus()
    });
    const { link } = this.lifeline;
    this.crowd = new Crowd({
      workspaceId,
      link,
      ownClientId: () => this.vitals.clientId,
      onCursor: (cursor) => this.notes.moveCursor(cursor),
      onLeft: (clientId) => this.notes.removeCursor(clientId)
    });
    this.desk = new CommandDesk({
      workspaceId,
      link,
      board: this.board,
      onChanged: () => this.#pump(),
      onCreated: (localId, noteId) => this.notes.rename(localId, noteId),
      onRefused: (command, error) => this.#commandRefused(command, error)
    });
    this.shelf = new Shelf(workspaceId, {
      snapshot: () => this.#outbox && this.board.snapshot(workspaceId, this.#outbox.userId, this.vitals.role)
    });
    this.notes = new NoteDesk({
      workspaceId,
      link,
      board: this.board,
      shelf: this.shelf,
      crowd: () => this.crowd,
      isLive: () => this.vitals.state === 'live',
      onChanged: (noteId, isOwn) => this.#noteChanged(noteId, isOwn),
      onReady: () => this.#pump(),
      onLeftOver: (noteId, text, reason) => this.#keepDraft(noteId, text, reason),
      onRefused: (noteId, error) => this.#refused(noteId, error)
    });
    this.#forgetPage = keepBeforeFreshPage(() => this.#keep());
    window.addEventListener('beforeunload', this.#guard);
    window.addEventListener('pagehide', this.#hide);
    this.#started = this.#start();
  }

  /** To be given back with its `close`. */
  async openNote(noteId: string): Promise<NoteSession> {
    await this.#started;
    return this.notes.open(noteId);
  }

  /** Goes when all is sent; without a line at once, with the rest stored for the next time. */
  close(): void {
    this.#isClosing = true;
    this.crowd.stop();
    if (this.vitals.waitingCount === 0 || this.vitals.state !== 'live') void this.#finish();
  }

  // --- start and end ----------------------------------------------------------------------------------------

  async #start(): Promise<void> {
    let userId: string | null = null;
    try {
      userId = userOf(await this.#options.getToken()) ?? 'me';
    } catch (error) {
      // Signed out: nothing of anybody is shown, and the lifeline says so. Without a line we show what is stored.
      if (isSignedOut(error)) return this.lifeline.open();
    }
    const claim = this.#options.claim ?? null;
    const outbox = await this.shelf.open(userId, claim, (noteId) => this.notes.stored(noteId));
    if (this.#isClosing) return outbox.close();
    this.#outbox = outbox;
    this.vitals.clientId = outbox.clientId ?? '';
    const snapshot = this.shelf.found;
    if (snapshot && !this.#hasJoined) {
      this.vitals.role = snapshot.role;
      this.board.load(snapshot);
    }
    this.desk.start(outbox);
    this.board.showAll();
    await this.#adoptNotes();
    if (this.#isClosing) return;
    this.#count();
    this.lifeline.open();
  }

  /** Edits go out in the order of their numbers: without the texts that have some, nothing may go. */
  async #adoptNotes(): Promise<void> {
    for (let attempt = 0; !this.#isClosing; attempt++) {
      try {
        return await this.notes.adopt();
      } catch (error) {
        console.warn('The part that knows texts could not be fetched', error);
        await new Promise((resolve) => setTimeout(resolve, retryDelay(attempt, Math.random())));
        if (await freshPage()) return;
      }
    }
  }

  async #finish(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetPage();
    window.removeEventListener('beforeunload', this.#guard);
    window.removeEventListener('pagehide', this.#hide);
    this.#noteVisit();
    this.notes.stop();
    this.lifeline.close();
    this.shelf.saveSnapshot();
    await this.#outbox?.close();
    this.shelf.close();
  }

  async #ownToken(isRenewed?: boolean): Promise<string> {
    const token = await this.#options.getToken(isRenewed);
    // Somebody else signed in since: what waits here is not theirs to send.
    if ((userOf(token) ?? 'me') !== this.#outbox?.userId)
      throw Object.assign(new Error('Other user'), { status: 401 });
    return token;
  }

  #guard = (event: BeforeUnloadEvent): void => {
    this.#outbox?.flushNow();
    if (this.vitals.waitingCount > 0 && !isLeftSafely()) event.preventDefault();
  };

  async #keep(): Promise<boolean> {
    await this.#outbox?.flush();
    return this.vitals.waitingCount === 0 || this.#outbox?.isStored === true;
  }

  #noteVisit(): void {
    if (this.vitals.seq > 0) localStorage.setItem(VISIT_KEY + this.workspaceId, String(this.vitals.seq));
  }

  #hide = (): void => {
    this.#noteVisit();
    this.#outbox?.flushNow();
    this.shelf.saveSnapshot();
  };

  // --- joining ----------------------------------------------------------------------------------------------

  #entered(state: ConnectionState): void {
    this.vitals.state = state;
    this.vitals.deniedReason = this.lifeline.deniedReason;
    if (state === 'live' || state === 'joining') return;
    this.#epoch++;
    const reason = this.vitals.deniedReason ?? '';
    if (FINAL.has(reason)) this.notes.giveUp(reason);
    this.notes.down();
    this.crowd.clear();
    if (this.#isClosing && state !== 'idle') void this.#finish();
  }

  #join(isFresh = false): void {
    const epoch = ++this.#epoch;
    const since = this.#hasJoined && !isFresh ? { since: this.#horizon.seq } : {};
    const { link } = this.lifeline;
    link.request(EVENTS.join, { workspaceId: this.workspaceId, ...since }, joinReply, (reply) => {
      if (epoch !== this.#epoch) return;
      if (reply.kind === 'ok') this.#joined(reply.value, epoch);
      else if (reply.kind === 'error' && isTransient(reply.error)) {
        this.lifeline.restart(retryAfter(reply.error));
      } else if (reply.kind === 'error') this.lifeline.deny(reply.error.code);
    });
  }

  #joined(reply: JoinReply, epoch: number): void {
    const outbox = this.#outbox!;
    if (reply.catchUp) for (const change of reply.catchUp) this.#change(change);
    this.board.load(reply);
    this.#hasLostNumbers ||= outbox.adopt(reply.clientId);
    this.#hasJoined = true;
    this.vitals.clientId = reply.clientId;
    this.vitals.role = reply.role;
    this.vitals.seq = reply.seq;
    this.#horizon.told(reply.seq);
    this.crowd.load(reply.presence);
    this.notes.openAll(() => this.#goLive(epoch));
  }

  /** All is caught up: what was in flight when the line broke goes out again, in the order of its numbers. */
  #goLive(epoch: number): void {
    if (epoch !== this.#epoch || !this.lifeline.link.isUp) return;
    const outbox = this.#outbox!;
    if (this.#hasLostNumbers) {
      this.notes.renumber();
      outbox.commands.renumber();
      this.#hasLostNumbers = false;
    }
    this.lifeline.joined();
    const resends = [...this.desk.resends(), ...this.notes.resends()];
    for (const [, send] of resends.sort(([a], [b]) => a - b)) send();
    this.notes.openLate();
    // From now on it can be read without a line, also when nothing changes in it.
    this.shelf.saveSnapshot();
    this.#pump();
    this.shelf.rescue(this.#outbox!, (claim) => this.#rescue(claim));
  }

  /** Runs beside this session until all that a closed tab left behind is sent. */
  async #rescue(claim: Claim): Promise<void> {
    const drafts = await sendAll(new WorkspaceEngine({ ...this.#options, claim }));
    for (const draft of drafts) this.shelf.drafts.set(draft.id, draft);
  }

  // --- what comes in ----------------------------------------------------------------------------------------

  #resync(): void {
    if (this.vitals.state !== 'live' && this.vitals.state !== 'joining') return;
    this.lifeline.resync();
    this.notes.down();
    this.#join(true);
  }

  #advance(seq: number): void {
    this.vitals.seq = Math.max(this.vitals.seq, seq);
    this.notes.skipTo(seq);
  }

  #change(change: Change): void {
    const touched = this.board.apply(change);
    this.desk.confirm(change, touched.noteId);
    this.#horizon.told(change.seq);
    this.#advance(change.seq);
    if (touched.isDeleted) this.lifeline.deny('WORKSPACE_NOT_FOUND');
    if (touched.member?.userId === this.#outbox?.userId) {
      if (touched.member!.role) this.vitals.role = touched.member!.role;
      else this.lifeline.deny('REMOVED');
    }
    if (touched.noteId) this.notes.apply(change, touched.noteId);
    this.#tell(EVENTS.changes, change);
    this.shelf.saveSnapshotSoon();
  }

  #tell(name: string, payload: unknown): void {
    for (const listener of this.listeners) listener(name, payload);
  }

  // --- what goes out ----------------------------------------------------------------------------------------

  /** Sends what may be sent. What goes out for the first time is stored before. */
  #pump(): void {
    this.#count();
    const outbox = this.#outbox;
    if (this.vitals.state !== 'live' || !outbox) return;
    const sends = [...this.notes.freeze(outbox), ...this.desk.freeze()];
    if (sends.length === 0) return;
    const epoch = this.#epoch;
    void outbox.flush().then(() => {
      if (epoch === this.#epoch) for (const send of sends) send();
    });
  }

  #commandRefused(command: Command, error: ErrorBody): void {
    const { noteId } = command;
    if (command.kind === 'create')
      this.#keepDraft(noteId, this.notes.text(noteId) || (command.note.content ?? ''), error.code);
    this.#refused(noteId, error);
  }

  #refused(noteId: string, { code, message }: ErrorBody): void {
    this.#options.onRefused?.({ noteId, code, message });
  }

  // --- keeping count and keeping drafts ---------------------------------------------------------------------

  #noteChanged(noteId: string, isOwn: boolean): void {
    this.#outbox?.mark(noteId, isOwn);
    this.#count();
  }

  #count(): void {
    this.vitals.waitingCount = this.notes.pendingCount + this.desk.size;
    if (this.#isClosing && this.vitals.waitingCount === 0) void this.#finish();
  }

  #keepDraft(noteId: string, text: string, reason: string): void {
    const title = this.board.notes.get(noteId)?.title ?? '';
    const at = new Date().toISOString();
    if (text === '') return;
    this.shelf.keep({ id: newId(), workspaceId: this.workspaceId, noteId, title, text, reason, at });
  }
}
