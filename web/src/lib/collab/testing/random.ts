/** Seeded random texts and changes for the tests of this folder. */
import { ChangeSet, type Text } from '@codemirror/state';
import { textOf } from '../ot';

export type Random = () => number;

/** mulberry32: small, seeded, good enough for tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const ALPHABET = ['a', 'b', 'c', 'd', ' ', '\n', 'é', '漢', '😀', '😁', '👩‍🚀', '𝔘'];

export function randomString(random: Random, limit: number): string {
  return Array.from(
    { length: below(random, limit + 1) },
    () => ALPHABET[below(random, ALPHABET.length)]
  ).join('');
}

/** One to three changes of `doc` at whole characters, some of them touching each other. */
export function randomChanges(random: Random, doc: Text): ChangeSet {
  let changes = ChangeSet.empty(doc.length);
  for (let count = 1 + below(random, 3); count > 0; count--) {
    const current = changes.apply(doc);
    const bounds = boundaries(current.toString());
    const start = below(random, bounds.length);
    const end = Math.min(bounds.length - 1, start + (random() < 0.5 ? 0 : 1 + below(random, 4)));
    const insert = random() < 0.7 ? randomString(random, 3) : '';
    const step = ChangeSet.of(
      { from: bounds[start]!, to: bounds[end]!, insert: textOf(insert) },
      current.length
    );
    changes = changes.compose(step);
  }
  return changes;
}

function boundaries(content: string): number[] {
  const bounds = [0];
  for (const character of content) bounds.push(bounds.at(-1)! + character.length);
  return bounds;
}
