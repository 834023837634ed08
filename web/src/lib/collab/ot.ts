/**
 * The bridge between CodeMirror's `ChangeSet` (UTF-16 units) and the operations on the wire (Unicode code
 * points, the format of ot-text-unicode). Both transform alike, so the client needs no other OT library;
 * with one exception: a `ChangeSet` may hold a replacement in one piece, which CodeMirror maps as neither an
 * insertion before the deletion nor one after it. So only change sets that `fromWire` made are mapped against
 * those of the server: there the two are apart.
 *
 * Every function that counts takes `astral`, the number of characters of the text outside the basic plane:
 * when it is 0, which is nearly always, code points are UTF-16 units and nothing has to be scanned.
 */
import { ChangeSet, Text } from '@codemirror/state';

export type WireComponent = number | string | { d: number };
/** A list of `n` (skip), `"text"` (insert) and `{d: n}` (delete), in normal form. */
export type WireOp = WireComponent[];

const isHigh = (unit: number) => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number) => (unit & 0xfc00) === 0xdc00;

/** Text as the wire has it: LF only. Unlike the editor's own splitting, a lone CR stays what it is. */
export const textOf = (content: string): Text => Text.of(content.split('\n'));

/** How many characters between two positions take two UTF-16 units. */
export function astralCount(doc: Text, from = 0, to = doc.length): number {
  let count = 0;
  for (const chunk of doc.iterRange(from, to)) {
    for (let i = 0; i < chunk.length; i++) if (isHigh(chunk.charCodeAt(i))) count++;
  }
  return count;
}

/** The astral count after `changes`, without looking at more than what changed. */
export function astralAfter(changes: ChangeSet, doc: Text, astral: number): number {
  let count = astral;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    if (astral > 0) count -= astralCount(doc, fromA, toA);
    count += astralCount(inserted);
  });
  return count;
}

/** Code points between two UTF-16 positions. */
export function codePoints(doc: Text, from: number, to: number, astral: number): number {
  return to - from - (astral > 0 ? astralCount(doc, from, to) : 0);
}

/** The UTF-16 position `count` code points after `from`. Throws a RangeError past the end. */
export function advance(doc: Text, from: number, count: number, astral: number): number {
  let position = from + count;
  if (astral > 0) {
    position = from;
    let left = count;
    for (const chunk of doc.iterRange(from)) {
      for (let i = 0; i < chunk.length && left > 0; i++, left--) {
        position += isHigh(chunk.charCodeAt(i)) ? 2 : 1;
        if (isHigh(chunk.charCodeAt(i))) i++;
      }
      if (left === 0) break;
    }
    if (left > 0) throw new RangeError('The operation reaches past the end of the text');
  }
  if (position > doc.length) throw new RangeError('The operation reaches past the end of the text');
  return position;
}

function append(op: WireOp, component: WireComponent): void {
  const last = op.at(-1);
  if (component === 0 || component === '' || (typeof component === 'object' && component.d === 0)) return;
  if (typeof component === 'number' && typeof last === 'number') op[op.length - 1] = last + component;
  else if (typeof component === 'string' && typeof last === 'string') op[op.length - 1] = last + component;
  else if (typeof component === 'object' && typeof last === 'object')
    op[op.length - 1] = { d: last.d + component.d };
  else op.push(component);
}

/** `changes`, which were made on `doc`, as an operation of the wire. */
export function toWire(changes: ChangeSet, doc: Text, astral: number): WireOp {
  const op: WireOp = [];
  let position = 0;
  // `individual`: merged neighbours would change which of two insertions at one place comes first.
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    append(op, codePoints(doc, position, fromA, astral));
    append(op, inserted.toString());
    append(op, { d: codePoints(doc, fromA, toA, astral) });
    position = toA;
  }, true);
  return op;
}

/** An operation of the wire as changes of `doc`. Throws a RangeError when it does not fit. */
export function fromWire(op: WireOp, doc: Text, astral: number): ChangeSet {
  const specs: { from: number; to?: number; insert?: Text }[] = [];
  let position = 0;
  for (const component of op) {
    if (typeof component === 'number') position = advance(doc, position, component, astral);
    else if (typeof component === 'string') specs.push({ from: position, insert: textOf(component) });
    else {
      const to = advance(doc, position, component.d, astral);
      specs.push({ from: position, to });
      position = to;
    }
  }
  return ChangeSet.of(specs, doc.length);
}

/**
 * The same changes with no half characters: a change that cuts a surrogate pair takes the whole pair, a lone
 * surrogate becomes U+FFFD. Returns null when nothing has to be mended. Without this a client and the server
 * diverge when somebody deletes the cut character at the same time.
 */
export function withWholeCharacters(changes: ChangeSet, doc: Text): ChangeSet | null {
  const unit = (position: number) => doc.sliceString(position, position + 1).charCodeAt(0);
  const cuts = (position: number) =>
    position > 0 && position < doc.length && isLow(unit(position)) && isHigh(unit(position - 1));
  const specs: { from: number; to: number; insert: string }[] = [];
  let isMended = false;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    const [cutsStart, cutsEnd] = [cuts(fromA), cuts(toA)];
    const made = inserted.toString();
    let [from, to, insert] = [fromA, toA, made];
    if (fromA === toA && cutsStart) from = to = fromA - 1;
    else {
      if (cutsStart) from -= 1;
      if (cutsEnd) to += 1;
      // The half that stays may make a whole character with what was typed: that is how one emoji becomes another.
      const joined = doc.sliceString(from, fromA) + made + doc.sliceString(toA, to);
      if (joined.isWellFormed()) insert = joined;
    }
    const whole = insert.toWellFormed();
    if (cutsStart || cutsEnd || whole !== made) isMended = true;
    const previous = specs.at(-1);
    if (previous && from < previous.to) {
      previous.to = Math.max(to, previous.to);
      previous.insert += whole;
    } else specs.push({ from, to, insert: whole });
  });
  if (!isMended) return null;
  return ChangeSet.of(
    specs.map((spec) => ({ ...spec, insert: textOf(spec.insert) })),
    doc.length
  );
}

/** Whether two change sets do the same to the same text, however they are cut into pieces. */
export function isSameChange(a: ChangeSet, b: ChangeSet): boolean {
  return a.length === b.length && a.newLength === b.newLength && canonical(a) === canonical(b);
}

function canonical(changes: ChangeSet): string {
  const pieces: (number | string)[] = [];
  changes.iterChanges((from, to, _fromB, _toB, inserted) => pieces.push(from, to, inserted.toString()));
  return JSON.stringify(pieces);
}
