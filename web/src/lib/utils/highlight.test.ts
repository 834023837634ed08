import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippetParts } from './highlight';

describe('snippetParts', () => {
  it('cuts at the marks', () => {
    expect(snippetParts('…the <mark>cat</mark> &amp; a dog')).toEqual([
      { text: '…the ', isHit: false },
      { text: 'cat', isHit: true },
      { text: ' & a dog', isHit: false }
    ]);
  });

  it('gives back any text that was escaped and marked', () => {
    const escaped = (text: string) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#x27;');
    const texts = fc.array(fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(texts, (parts) => {
        const snippet = parts
          .map(escaped)
          .map((part, at) => (at % 2 ? `<mark>${part}</mark>` : part))
          .join('');
        expect(
          snippetParts(snippet)
            .map((part) => part.text)
            .join('')
        ).toBe(parts.join(''));
      })
    );
  });
});
