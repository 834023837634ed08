import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptLines } from './excerpt';

const plain = (text: string) => ({ text, style: 'plain' });

describe('excerptLines', () => {
  it('knows the common blocks', () => {
    const kinds = excerptLines('# A\n\n- b\n- [x] c\n- [ ] d\n> e\n```\nf\n```\n3. g\nh').map(
      (line) => line.kind
    );
    expect(kinds).toEqual(['heading', 'item', 'done', 'open', 'quote', 'code', 'item', 'text']);
  });

  it('knows the common marks', () => {
    expect(excerptLines('a **b** *c* `d` [e](http://x) f')[0]!.spans).toEqual([
      plain('a '),
      { text: 'b', style: 'strong' },
      plain(' '),
      { text: 'c', style: 'emphasis' },
      plain(' '),
      { text: 'd', style: 'code' },
      plain(' '),
      { text: 'e', style: 'link' },
      plain(' f')
    ]);
  });

  it('leaves HTML as the text that it is', () => {
    expect(excerptLines('<b onclick="x">hi</b>')[0]!.spans).toEqual([plain('<b onclick="x">hi</b>')]);
  });

  it('takes any text, also one that was cut in the middle of a mark', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => void expect(excerptLines(text)).toBeInstanceOf(Array)
      )
    );
  });
});
