/**
 * Where a comment's anchor is after an edit: the server's own rule (`core/threads.py`), in code points, so that both always
 * agree. Pure.
 */
import type { WireOp } from '#lib/collab/ot';

/** A part of a note's text in code points; empty when what it stood at is gone. */
export interface Anchor {
  readonly start: number;
  readonly end: number;
}

/** A position after `op`; `isRight` says on which side of text inserted exactly there it ends up. */
export function movedPosition(position: number, op: WireOp, isRight: boolean): number {
  let [walked, moved] = [0, position];
  for (const component of op) {
    if (walked > moved || (walked === moved && !isRight)) break;
    if (typeof component === 'string') {
      const length = [...component].length;
      walked += length;
      moved += length;
    } else if (typeof component === 'number') walked += component;
    else moved -= Math.min(component.d, moved - walked);
  }
  return moved;
}

/** What is inserted at the edges of an anchor stays outside. */
export function movedAnchor({ start, end }: Anchor, op: WireOp): Anchor {
  const first = movedPosition(start, op, true);
  return { start: first, end: Math.max(first, movedPosition(end, op, false)) };
}

/** The words that a comment was to stand at are not saved, or gone. */
export class NothingToAnchor extends Error {
  override readonly name = 'NothingToAnchor';
}

/** Where `words` stand in the text, nearest to `at` (in UTF-16 units); null when they stand nowhere. */
export function anchorNear(text: string, words: string, at: number): Anchor | null {
  if (words === '') return null;
  let best = -1;
  for (let found = text.indexOf(words); found >= 0; found = text.indexOf(words, found + 1))
    if (best < 0 || Math.abs(found - at) < Math.abs(best - at)) best = found;
  if (best < 0) return null;
  const start = [...text.slice(0, best)].length;
  return { start, end: start + [...words].length };
}
