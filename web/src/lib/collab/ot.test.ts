// @vitest-environment node
import { ChangeSet, Text } from '@codemirror/state';
import { type as oracle } from 'ot-text-unicode';
import { describe, expect, it } from 'vitest';
import {
  advance,
  astralAfter,
  astralCount,
  codePoints,
  fromWire,
  isSameChange,
  textOf,
  toWire,
  withWholeCharacters
} from './ot';
import { randomChanges, randomString, seededRandom } from './testing/random';

const SEED = Number(process.env.OT_SEED ?? 20261122);

describe(`the OT bridge (seed ${SEED})`, () => {
  it('agrees with ot-text-unicode on 200,000 random pairs', () => {
    const random = seededRandom(SEED);
    for (let i = 0; i < 200_000; i++) {
      const content = randomString(random, 14);
      const doc = textOf(content);
      const astral = astralCount(doc);
      const [made, madeToo] = [randomChanges(random, doc), randomChanges(random, doc)];
      const [committedOp, arrivingOp] = [toWire(made, doc, astral), toWire(madeToo, doc, astral)];
      const [committed, arriving] = [fromWire(committedOp, doc, astral), fromWire(arrivingOp, doc, astral)];
      const transformed = arriving.map(committed, false);
      const after = committed.apply(doc);
      const expected = oracle.transform(arrivingOp, committedOp, 'right');
      const text = oracle.apply(oracle.apply(content, committedOp), expected);
      if (transformed.apply(after).toString() !== text)
        expect.fail(`pair ${i}: ${JSON.stringify({ content, committedOp, arrivingOp })}`);
      const otherWay = committed.map(arriving, true).apply(arriving.apply(doc)).toString();
      if (otherWay !== text)
        expect.fail(`pair ${i}, other way: ${JSON.stringify({ content, committedOp, arrivingOp })}`);
      if (!isSameChange(arriving, madeToo))
        expect.fail(`pair ${i}: the way back: ${JSON.stringify(arrivingOp)}`);
      const transformedOp = toWire(transformed, after, astralCount(after));
      if (oracle.apply(after.toString(), transformedOp) !== text) expect.fail(`pair ${i}: the op after it`);
      if (astralAfter(committed, doc, astral) !== astralCount(after))
        expect.fail(`pair ${i}: astral counter`);
    }
  }, 120_000);

  it('writes operations in normal form', () => {
    const random = seededRandom(SEED + 1);
    for (let i = 0; i < 5_000; i++) {
      const doc = textOf(randomString(random, 20));
      const changes = randomChanges(random, doc);
      const op = toWire(changes, doc, astralCount(doc));
      expect(oracle.normalize(op)).toEqual(op);
    }
  });

  it('counts code points as Array.from does', () => {
    const random = seededRandom(SEED + 2);
    for (let i = 0; i < 5_000; i++) {
      const characters = Array.from(randomString(random, 30));
      const doc = textOf(characters.join(''));
      const astral = astralCount(doc);
      const cut = Math.floor(random() * (characters.length + 1));
      const units = characters.slice(0, cut).join('').length;
      expect(advance(doc, 0, cut, astral)).toBe(units);
      expect(codePoints(doc, 0, units, astral)).toBe(cut);
    }
  });

  it('refuses an operation that does not fit', () => {
    for (const content of ['abc', 'a😀c'])
      for (const op of [[4, 'x'], [{ d: 4 }], [2, { d: 2 }]])
        expect(() => fromWire(op, textOf(content), astralCount(textOf(content)))).toThrow(RangeError);
  });
});

describe('whole characters', () => {
  const doc = textOf('a😀b');
  const mended = (from: number, to: number, insert: string) =>
    withWholeCharacters(ChangeSet.of({ from, to, insert: Text.of([insert]) }, doc.length), doc)
      ?.apply(doc)
      .toString();

  it('leaves whole changes alone', () => {
    expect(mended(1, 3, '😁')).toBeUndefined();
    expect(mended(0, 1, '')).toBeUndefined();
  });

  it('widens a change of half an emoji to the emoji', () => {
    expect(mended(2, 3, '\ude01')).toBe('a😁b');
    expect(mended(1, 2, '\ud83c')).toBe('a🈀b');
    expect(mended(2, 3, '')).toBe('ab');
    expect(mended(1, 2, '')).toBe('ab');
    expect(mended(0, 2, 'x')).toBe('xb');
    expect(mended(2, 4, 'x')).toBe('ax');
  });

  it('moves an insertion out of the middle and replaces lone surrogates', () => {
    expect(mended(2, 2, 'x')).toBe('ax😀b');
    expect(mended(0, 0, '\ud83d')).toBe('\ufffda😀b');
  });
});
