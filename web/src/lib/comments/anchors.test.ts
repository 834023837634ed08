import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireComponent, WireOp } from '#lib/collab/ot';
import { anchorNear, movedAnchor } from './anchors';

/** The same by marking every character: what stood in the anchor and is left, and what was put in between. */
function byMarking(text: string, start: number, end: number, op: WireOp) {
  let rest = [...text].map((sign, at) => ({ sign, isIn: at >= start && at < end }));
  const after: { sign: string; isIn: boolean }[] = [];
  for (const part of op) {
    const at = [...text].length - rest.length;
    if (typeof part === 'string')
      after.push(...[...part].map((sign) => ({ sign, isIn: start < at && at < end })));
    else if (typeof part === 'number') after.push(...rest.splice(0, part));
    else rest = rest.slice(part.d);
  }
  after.push(...rest);
  const places = after.flatMap(({ isIn }, at) => (isIn ? [at] : []));
  return places.length ? { start: places[0]!, end: places.at(-1)! + 1 } : null;
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', '🌱', 'é'), minLength: 1, maxLength: 20 });
const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(2), text), { maxLength: 6 });

/** Changes stand apart, so that it is plain on which side of a deletion something was put in. */
function opOn(length: number, made: readonly (readonly [number, number, string])[]): WireOp {
  const op: WireComponent[] = [];
  let left = length;
  for (const [count, kind, words] of made) {
    if (left === 0) break;
    op.push(1);
    left--;
    const size = Math.min(count, left);
    if (kind === 0) op.push(words);
    else if (size > 0) op.push(kind === 1 ? size : { d: size });
    if (kind !== 0) left -= size;
    if (left > 0) op.push(1);
    left = Math.max(0, left - 1);
  }
  return op;
}

describe('an anchor', () => {
  it('stays on the characters it stood at, whatever is edited', () => {
    fc.assert(
      fc.property(text, fc.nat(19), fc.nat(19), steps, (content, a, b, made) => {
        const length = [...content].length;
        const [start, end] = [Math.min(a, b) % length, (Math.max(a, b) % length) + 1];
        fc.pre(start < end);
        const op = opOn(length, made);
        const expected = byMarking(content, start, end, op);
        const found = movedAnchor({ start, end }, op);
        if (expected) expect(found).toEqual(expected);
        else expect(found.start).toBe(found.end);
      }),
      { numRuns: 3000 }
    );
  });
});

describe('words that are looked for again', () => {
  it('are taken where they stand nearest, counted in code points', () => {
    const text = '🌱 beds, beds and 🌱 beds';
    expect(anchorNear(text, 'beds', 0)).toEqual({ start: 2, end: 6 });
    expect(anchorNear(text, 'beds', 11)).toEqual({ start: 8, end: 12 });
    expect(anchorNear(text, '🌱 beds', 99)).toEqual({ start: 17, end: 23 });
    expect(anchorNear(text, 'gone', 3)).toBeNull();
    expect(anchorNear(text, '', 3)).toBeNull();
  });
});
