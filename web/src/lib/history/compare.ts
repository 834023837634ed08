/** What became of a text: the words that stayed, came and went, in order. Pure. */
import { diffWordsWithSpace } from 'diff';

export interface Piece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

const LIMITS = { maxEditLength: 4_000, timeout: 300 };

/** Texts too different to compare in time stand behind each other, the old one first: nothing is left out. */
export function compare(before: string, after: string): Piece[] {
  const pieces = diffWordsWithSpace(before, after, LIMITS);
  if (!pieces) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after }
    ];
  }
  return pieces.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value
  }));
}

export interface Authored {
  /** Null where nobody is known. */
  readonly userId: string | null;
  readonly text: string;
}

/** A text cut into the parts that one person wrote. `ranges` count code points and follow each other. */
export function authored(
  text: string,
  ranges: readonly { readonly length: number; readonly userId: string | null }[]
): Authored[] {
  const points = Array.from(text);
  let at = 0;
  const parts: Authored[] = [];
  for (const { length, userId } of ranges) {
    const part = points.slice(at, at + length).join('');
    at += length;
    if (part) parts.push({ userId, text: part });
  }
  const rest = points.slice(at).join('');
  if (rest) parts.push({ userId: null, text: rest });
  return parts;
}
