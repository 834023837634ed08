import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marked } from './highlight';

describe('marked', () => {
  it('cuts at the words, whatever their case', () => {
    expect(marked('The Cat and a cat.', 'cat')).toEqual([
      { text: 'The ', isHit: false },
      { text: 'Cat', isHit: true },
      { text: ' and a ', isHit: false },
      { text: 'cat', isHit: true },
      { text: '.', isHit: false }
    ]);
  });

  it('loses nothing of any text for any question', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        text,
        text,
        (whole, query) =>
          void expect(
            marked(whole, query)
              .map((part) => part.text)
              .join('')
          ).toBe(whole)
      )
    );
  });
});
