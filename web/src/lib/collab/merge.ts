/** Merging text of ours with a text whose history is no longer known. */
import { ChangeSet, type Text } from '@codemirror/state';
import { diff } from '@codemirror/merge';
import { withWholeCharacters } from './ot';

/** Beyond this many edits or milliseconds the difference is taken coarsely: a page must not hang on it. */
const DIFF_LIMITS = { scanLimit: 2000, timeout: 250 };

/** The changes that make `after` of `before`. */
export function difference(before: Text, after: Text): ChangeSet {
  const target = after.toString();
  const specs = diff(before.toString(), target, DIFF_LIMITS).map((change) => ({
    from: change.fromA,
    to: change.toA,
    insert: after.slice(change.fromB, change.toB)
  }));
  const changes = ChangeSet.of(specs, before.length);
  const whole = withWholeCharacters(changes, before);
  // Taking whole characters can only go wrong on text that was not well formed; then replace it all.
  if (!whole) return changes;
  if (whole.apply(before).eq(after)) return whole;
  return ChangeSet.of({ from: 0, to: before.length, insert: after }, before.length);
}

/** Whether two sets of changes of one text touch the same place, so that no merge is surely right. */
export function isOverlapping(a: ChangeSet, b: ChangeSet): boolean {
  const ranges: [number, number][] = [];
  b.iterChangedRanges((from, to) => ranges.push([from, to]));
  let isFound = false;
  a.iterChangedRanges((from, to) => {
    isFound ||= ranges.some(([start, end]) => from <= end && start <= to);
  });
  return isFound;
}
