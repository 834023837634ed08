/** Merging text of ours with a text whose history is no longer known. */
import { ChangeSet, type Text } from '@codemirror/state';
import { diffChars } from 'diff';

/** Beyond this many edits or milliseconds the difference is taken coarsely: a page must not hang on it. */
const LIMITS = { maxEditLength: 2_000, timeout: 250 };

/** The changes that make `after` of `before`, in whole characters. */
export function difference(before: Text, after: Text): ChangeSet {
  const [old, target] = [before.toString(), after.toString()];
  const pieces = diffChars(old, target, LIMITS);
  if (!pieces) return coarseDifference(before, after, old, target);
  const specs: { from: number; to?: number; insert?: Text }[] = [];
  let [from, done] = [0, 0];
  for (const { value, added, removed } of pieces) {
    if (added) specs.push({ from, insert: after.slice(done, done + value.length) });
    else if (removed) specs.push({ from, to: from + value.length });
    if (!added) from += value.length;
    if (!removed) done += value.length;
  }
  return ChangeSet.of(specs, before.length);
}

/** All between what both texts begin and end with. */
function coarseDifference(before: Text, after: Text, old: string, target: string): ChangeSet {
  const limit = Math.min(old.length, target.length);
  let [start, end] = [0, 0];
  while (start < limit && old[start] === target[start]) start++;
  while (end < limit - start && old.at(-1 - end) === target.at(-1 - end)) end++;
  // Half a character in common is none.
  if (start > 0 && /[\ud800-\udbff]/.test(old[start - 1]!)) start--;
  if (end > 0 && /[\udc00-\udfff]/.test(old.at(-end)!)) end--;
  const [to, upto] = [before.length - end, after.length - end];
  return ChangeSet.of({ from: start, to, insert: after.slice(start, upto) }, before.length);
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
