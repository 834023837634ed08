import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownParts, snippetParts, withoutMarkdown } from './highlight';

describe('withoutMarkdown', () => {
  it('leaves words and the dots between them', () => {
    expect(withoutMarkdown('…starter - [x] 350 g water - [ ] 500 g ')).toBe(
      '…starter · 350 g water · 500 g '
    );
    expect(withoutMarkdown(' ## Baking | step | minutes | | --- | --- | | with lid | 25 |')).toBe(
      ' Baking · step · minutes · with lid · 25 · '
    );
    expect(withoutMarkdown('| Plant | When | |:--|---:| | Beans | [May](x) | <!-- later -->')).toBe(
      ' · Plant · When · Beans · May · '
    );
    expect(withoutMarkdown('see [[Beans]], ![a bed](b.png) and [the plan](http://x/ve')).toBe(
      'see Beans, a bed and the plan'
    );
    expect(['see [', '](http://x) and'].map(withoutMarkdown)).toEqual(['see ', ' and']);
    expect(withoutMarkdown('a[0] and [x] (y)')).toBe('a[0] and [x] (y)');
    expect(withoutMarkdown('a **bold** `code`')).toBe('a bold code');
    expect(withoutMarkdown('2 * 3 - 4 > 1_000 and snake_case')).toBe('2 * 3 - 4 > 1_000 and snake_case');
  });
});

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

describe('shownParts', () => {
  it('begins and ends with a word', () => {
    const shown = shownParts('| Plant | [<mark>Beans</mark>](x) | May |');
    expect(shown.map((part) => part.text)).toEqual(['Plant · ', 'Beans', ' · May']);
    expect(shownParts('| <mark>a</mark> |').map((part) => part.text)).toEqual(['', 'a', '']);
  });
});
