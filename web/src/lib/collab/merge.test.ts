// @vitest-environment node
import { ChangeSet } from '@codemirror/state';
import { expect, it } from 'vitest';
import { difference, isOverlapping } from './merge';
import { textOf, withWholeCharacters } from './ot';
import { randomString, seededRandom } from './testing/random';

const SEED = Number(process.env.OT_SEED ?? 20261122);

it(`makes one text of another, cutting no character (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let i = 0; i < 3_000; i++) {
    const [before, after] = [textOf(randomString(random, 30)), textOf(randomString(random, 30))];
    const changes = difference(before, after);
    expect(changes.apply(before).toString()).toBe(after.toString());
    expect(withWholeCharacters(changes, before)).toBeNull();
  }
});

it('finds small differences in a long text', () => {
  const long = 'All work and no play. '.repeat(2_000);
  const changes = difference(textOf(`${long}x${long}`), textOf(`${long}yz${long}!`));
  let touched = 0;
  changes.iterChangedRanges((from, to) => (touched += to - from));
  expect(touched).toBe(1);
});

it('does not hang on texts that have nothing in common, and still cuts no character', () => {
  const before = textOf(`😀${'ab\n'.repeat(60_000)}😀`);
  const after = textOf(`😁${'漢 '.repeat(60_000)}🈀`);
  const changes = difference(before, after);
  expect(changes.apply(before).eq(after)).toBe(true);
  expect(withWholeCharacters(changes, before)).toBeNull();
});

it('knows changes of the same place', () => {
  const at = (from: number, to: number, insert: string) => ChangeSet.of({ from, to, insert }, 10);
  expect(isOverlapping(at(1, 3, 'x'), at(2, 5, ''))).toBe(true);
  expect(isOverlapping(at(1, 1, 'x'), at(1, 1, 'y'))).toBe(true);
  expect(isOverlapping(at(1, 3, 'x'), at(5, 6, ''))).toBe(false);
});
