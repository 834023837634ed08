/** A server of one note, written from the contract alone; ot-text-unicode does its transforming. */
import { type as text, type TextOp } from 'ot-text-unicode';
import type { CommittedEdit, FrozenEdit } from '../session';

export type Answer = { seq: number; duplicate?: true } | { error: string };

type Entry = CommittedEdit & { clientId: string; clientSeq: number; payload: string };

export class ModelServer {
  content: string;
  #log: Entry[] = [];
  #horizon = 0;
  readonly #side: 'left' | 'right';

  constructor(content: string, side: 'left' | 'right' = 'right') {
    this.content = content;
    this.#side = side;
  }

  get seq(): number {
    return this.#log.length;
  }

  /** Forgets the history up to now, as a log that is cut does; numbers of edits stay known. */
  cutLog(): void {
    this.#horizon = this.seq;
  }

  open(since: number | null): { seq: number; content: string } | { seq: number; edits: CommittedEdit[] } {
    if (since === null || since < this.#horizon) return { seq: this.seq, content: this.content };
    return { seq: this.seq, edits: this.#log.slice(since) };
  }

  submit(edit: FrozenEdit): Answer {
    const payload = JSON.stringify([edit.baseSeq, edit.op]);
    const known = this.#log.find((e) => e.clientId === edit.clientId && e.clientSeq === edit.clientSeq);
    if (known) return known.payload === payload ? { seq: known.seq, duplicate: true } : { error: 'CONFLICT' };
    const own = this.#log.findLast((e) => e.clientId === edit.clientId);
    if (own && edit.baseSeq < own.seq) return { error: 'CONFLICT' };
    if (edit.baseSeq < this.#horizon) return { error: 'BASE_TOO_OLD' };
    let op = edit.op as TextOp;
    for (const entry of this.#log.slice(edit.baseSeq))
      op = text.transform(op, entry.op as TextOp, this.#side);
    this.content = text.apply(this.content, op);
    const { clientId, clientSeq } = edit;
    this.#log.push({ seq: this.seq + 1, op: op as CommittedEdit['op'], clientId, clientSeq, payload });
    return { seq: this.seq };
  }

  /** The edits after `seq`, for somebody's outbox. With `isComposed` runs without an edit of `clientId` become one. */
  editsAfter(seq: number, clientId: string, isComposed: boolean): CommittedEdit[] {
    const out: CommittedEdit[] = [];
    for (const { seq: at, op: made, clientId: author, clientSeq } of this.#log.slice(seq)) {
      const entry = { seq: at, op: made, clientId: author, clientSeq };
      const last = out.at(-1);
      if (isComposed && last && last.clientId !== clientId && entry.clientId !== clientId) {
        const op = text.compose(last.op as TextOp, entry.op as TextOp) as CommittedEdit['op'];
        out[out.length - 1] = { fromSeq: last.fromSeq ?? last.seq, seq: entry.seq, op };
      } else out.push(entry);
    }
    return out;
  }
}
