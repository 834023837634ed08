/**
 * One note as this client has it: the text the server had at `seq` (`base`), one edit in flight (`out`) and what
 * was typed since (`buf`). Pure: values in, values out; no socket, no DOM, no clock.
 *
 * `doc = buf(out(base))` always. Committed edits count as left, ours as right, as on the server. Our own edit
 * coming back in the stream is its acknowledgement, in its place in the order.
 */
import { ChangeSet, Text } from '@codemirror/state';
import { difference, isOverlapping } from './merge';
import { astralAfter, astralCount, fromWire, isSameChange, textOf, toWire, type WireOp } from './ot';

/** An edit as first sent. A resend is byte-equal, whatever was processed since. */
export interface FrozenEdit {
  clientId: string;
  clientSeq: number;
  baseSeq: number;
  op: WireOp;
}

/** An edit out of the note's stream; with `fromSeq` it is several, none of them ours, composed into one. */
export interface CommittedEdit {
  seq: number;
  fromSeq?: number;
  op: WireOp;
  clientId?: string | null;
  clientSeq?: number | null;
}

/** What the editor has to do. `overwritten` is our whole text before a merge that may not be right. */
export interface Update {
  changes: ChangeSet;
  overwritten?: string;
}

/** All that has to survive a reload; JSON. */
export interface ReplicaRecord {
  text: string;
  seq: number;
  out: { frozen: FrozenEdit; changes: unknown } | null;
  buf: unknown;
}

/** The stream does not fit what this copy knows: it needs the note's text anew. */
export class OutOfStep extends Error {
  override name = 'OutOfStep';
}

interface Outgoing {
  frozen: FrozenEdit;
  changes: ChangeSet;
}

interface Server {
  text: Text;
  seq: number;
}

export class NoteReplica {
  #base = Text.empty;
  #astral = 0;
  #doc = Text.empty;
  #seq = 0;
  #editSeq = 0;
  #out: Outgoing | null = null;
  #buf: ChangeSet | null = null;
  #isLoaded = false;
  /** A fresh text from the server, while it is not known whether it contains `out`. */
  #unsettled: Server | null = null;

  static fromRecord(record: ReplicaRecord): NoteReplica {
    const replica = new NoteReplica();
    replica.#setBase(textOf(record.text), record.seq);
    replica.#isLoaded = true;
    replica.#doc = replica.#base;
    if (record.out) {
      replica.#out = { frozen: record.out.frozen, changes: ChangeSet.fromJSON(record.out.changes) };
      replica.#doc = replica.#out.changes.apply(replica.#doc);
    }
    if (record.buf) {
      replica.#buf = ChangeSet.fromJSON(record.buf);
      replica.#doc = replica.#buf.apply(replica.#doc);
    }
    return replica;
  }

  toRecord(): ReplicaRecord {
    return {
      text: this.#base.toString(),
      seq: this.#seq,
      out: this.#out && { frozen: this.#out.frozen, changes: this.#out.changes.toJSON() },
      buf: this.#buf?.toJSON() ?? null
    };
  }

  /** The text as its reader sees it. */
  get doc(): Text {
    return this.#doc;
  }

  /** The newest seq of the workspace that is contained in `base`. */
  get seq(): number {
    return this.#seq;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The edit in flight, as first sent. */
  get inFlight(): FrozenEdit | null {
    return this.#out?.frozen ?? null;
  }

  /** Edits that the server has not acknowledged: the one in flight, and the typing behind it. */
  get pendingCount(): number {
    return Number(this.#out !== null) + Number(this.#buf !== null);
  }

  get isSettling(): boolean {
    return this.#unsettled !== null;
  }

  /** The person changed the text. */
  edit(changes: ChangeSet): void {
    this.#doc = changes.apply(this.#doc);
    const buf = this.#buf ? this.#buf.compose(changes) : changes;
    this.#buf = buf.empty ? null : buf;
  }

  /** Makes the waiting typing the edit in flight; null when nothing waits or one is in flight already. */
  freeze(clientId: string, clientSeq: number): FrozenEdit | null {
    if (!this.canFreeze) return null;
    const op = toWire(this.#buf!, this.#base, this.#astral);
    const frozen = { clientId, clientSeq, baseSeq: this.#seq, op };
    this.#out = { frozen, changes: fromWire(op, this.#base, this.#astral) };
    this.#buf = null;
    return frozen;
  }

  get canFreeze(): boolean {
    return this.#isLoaded && !this.#unsettled && !this.#out && this.#buf !== null;
  }

  /** Takes the edit in flight back into the waiting typing: it is known not to be committed. */
  thaw(): void {
    if (!this.#out) return;
    const changes = this.#buf ? this.#out.changes.compose(this.#buf) : this.#out.changes;
    this.#buf = changes.empty ? null : changes;
    this.#out = null;
  }

  /** Takes the next edit of the stream. Throws `OutOfStep`, having changed nothing, when it does not fit. */
  receive(edit: CommittedEdit): Update | null {
    if (this.#unsettled) return this.#receiveUnsettled(edit, this.#unsettled);
    if (edit.seq <= this.#editSeq) return null;
    if ((edit.fromSeq ?? edit.seq) <= this.#seq)
      throw new OutOfStep(`Edit ${edit.seq} came after ${this.#seq}`);
    const changes = this.#decode(edit.op, this.#base, this.#astral);
    if (this.#isOwn(edit)) {
      if (!isSameChange(changes, this.#out!.changes))
        throw new OutOfStep(`Edit ${edit.seq} came back changed`);
      this.#out = null;
      this.#advance(changes, edit.seq);
      return null;
    }
    let inner = changes;
    if (this.#out) {
      const mapped = this.#out.changes.map(changes);
      inner = changes.map(this.#out.changes, true);
      this.#out.changes = mapped;
    }
    this.#advance(changes, edit.seq);
    return { changes: this.#pastBuffer(inner) };
  }

  /** The workspace went on to `seq` without touching this note. */
  skipTo(seq: number): void {
    if (!this.#unsettled && this.#isLoaded) this.#seq = Math.max(this.#seq, seq);
  }

  /**
   * The server sent the note's whole text. Waiting typing is merged into it by a three-way difference. While an
   * edit is in flight it is unknown whether the text contains it: the answer to its resend tells (`settle`).
   */
  load(content: string, seq: number): Update | null {
    if (!this.#isLoaded) {
      const waiting = this.#buf;
      this.#isLoaded = true;
      this.#setBase(textOf(content), seq);
      if (!waiting) {
        const changes = ChangeSet.of({ from: 0, to: this.#doc.length, insert: this.#base }, this.#doc.length);
        this.#doc = this.#base;
        return { changes };
      }
      // Typed before the text came, on an empty one.
      return this.#rebase({ text: this.#base, seq }, Text.empty, waiting);
    }
    this.#unsettled = { text: textOf(content), seq };
    return this.#out ? null : this.settle(false);
  }

  /** It is known now whether the text that `load` took contains the edit in flight. */
  settle(isIncluded: boolean): Update | null {
    const server = this.#unsettled;
    if (!server) return null;
    let common = this.#base;
    if (this.#out && isIncluded) common = this.#out.changes.apply(common);
    else this.thaw();
    this.#out = null;
    this.#unsettled = null;
    return this.#rebase(server, common, this.#buf);
  }

  /** Gives up what the server did not take. Returns our text, and the changes back to the server's. */
  abandon(): { draft: string; update: Update } {
    const draft = this.#doc.toString();
    this.thaw();
    const changes = this.#buf ? this.#buf.invert(this.#base) : ChangeSet.empty(this.#doc.length);
    this.#buf = null;
    this.#doc = this.#base;
    const unsettled = this.settle(false);
    return { draft, update: { changes: unsettled ? changes.compose(unsettled.changes) : changes } };
  }

  /** UTF-16 positions of `doc` as code points of `base`, and back: cursors travel relative to the server's text. */
  toServerPosition(position: number): number {
    const back = this.#pending()?.invertedDesc.mapPos(position) ?? position;
    return back - (this.#astral > 0 ? astralCount(this.#base, 0, back) : 0);
  }

  fromServerPosition(codePoint: number): number {
    let position = Math.min(codePoint, this.#base.length);
    if (this.#astral > 0) {
      position = 0;
      let left = codePoint;
      for (const character of this.#base.toString()) {
        if (left-- <= 0) break;
        position += character.length;
      }
    }
    return this.#pending()?.mapPos(position) ?? position;
  }

  #pending(): ChangeSet | null {
    if (!this.#out) return this.#buf;
    return this.#buf ? this.#out.changes.compose(this.#buf) : this.#out.changes;
  }

  #isOwn(edit: CommittedEdit): boolean {
    const frozen = this.#out?.frozen;
    return frozen !== undefined && edit.clientId === frozen.clientId && edit.clientSeq === frozen.clientSeq;
  }

  #decode(op: WireOp, text: Text, astral: number): ChangeSet {
    try {
      return fromWire(op, text, astral);
    } catch (error) {
      throw new OutOfStep(String(error));
    }
  }

  #receiveUnsettled(edit: CommittedEdit, server: Server): Update | null {
    if (edit.seq <= server.seq) return null;
    const changes = this.#decode(edit.op, server.text, astralCount(server.text));
    this.#unsettled = { text: changes.apply(server.text), seq: edit.seq };
    return this.#isOwn(edit) ? this.settle(true) : null;
  }

  #advance(changes: ChangeSet, seq: number): void {
    this.#astral = astralAfter(changes, this.#base, this.#astral);
    this.#base = changes.apply(this.#base);
    this.#seq = this.#editSeq = seq;
  }

  #setBase(text: Text, seq: number): void {
    this.#base = text;
    this.#astral = astralCount(text);
    this.#seq = this.#editSeq = seq;
  }

  #pastBuffer(inner: ChangeSet): ChangeSet {
    let changes = inner;
    if (this.#buf) {
      const mapped = this.#buf.map(inner);
      changes = inner.map(this.#buf, true);
      this.#buf = mapped.empty ? null : mapped;
    }
    this.#doc = changes.apply(this.#doc);
    return changes;
  }

  /** `waiting` was made on `common`; both sides' changes since then are put together. */
  #rebase(server: Server, common: Text, waiting: ChangeSet | null): Update {
    const before = this.#doc;
    const theirs = difference(common, server.text);
    const isUnsure = waiting !== null && !theirs.empty && isOverlapping(waiting, theirs);
    this.#setBase(server.text, server.seq);
    this.#buf = waiting;
    const changes = this.#pastBuffer(theirs);
    return isUnsure ? { changes, overwritten: before.toString() } : { changes };
  }
}
