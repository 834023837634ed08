import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authored, compare } from './compare';

const join = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('');

describe('compare', () => {
  it('holds both texts whole, whatever they are', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = compare(before, after);
        expect(join(pieces.filter(({ kind }) => kind !== 'added'))).toBe(before);
        expect(join(pieces.filter(({ kind }) => kind !== 'removed'))).toBe(after);
      })
    );
  });
});

describe('authored', () => {
  it('cuts by code points, and keeps what nobody is known for', () => {
    const ranges = [
      { length: 2, userId: 'ada' },
      { length: 1, userId: 'ben' }
    ];
    expect(authored('🌱a🍞rest', ranges)).toEqual([
      { userId: 'ada', text: '🌱a' },
      { userId: 'ben', text: '🍞' },
      { userId: null, text: 'rest' }
    ]);
  });
});
