import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptLines } from './excerpt';

/** What a reader of the card sees, line by line. */
const shown = (text: string) =>
  excerptLines(text).map((line) => line.spans.map((span) => span.text).join(''));
const marks = [
  '**',
  '_',
  '`',
  '```',
  '\n',
  '\n\n',
  '[',
  '](',
  ')',
  '![',
  '[[',
  ']]',
  '|',
  '\n|',
  '|---|',
  '<!--'
];
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(...marks, '-->', '- [ ] ', '# ', '> ', '~~', '\\', ' '),
      fc.string({ unit: 'binary' })
    )
  )
  .map((parts) => parts.join(''));
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

  it.each([
    [
      '| Plant | When |\n|:--|---|\n| **Beans** | [May](x) |\n\nAfter',
      ['Plant · When', 'Beans · May', 'After']
    ],
    ['Plant | When\n--- | ---\nBeans | May', ['Plant · When', 'Beans · May']],
    ['| a \\| b | c |', ['a | b · c']],
    ['| Plant | When |\n| --', ['Plant · When']],
    ['cat x | grep y', ['cat x | grep y']],
    ['See [[Beans]] and [the plan](http://x/very-lo', ['See Beans and the plan']],
    ['[a][1] ![A bed](bed.png) [![build](b.svg)](http://x)', ['a A bed build']],
    ['![](bed.png)\nText', ['Text']],
    ['<!-- a\nremark -->Text <!-- cut', ['Text ']],
    ['~~~sh\nls\n~~~\n***\nTitle\n===\n---', ['ls', 'Title']],
    ['**[a](b) c** _d_ snake_case_name 2 * 3 * 4', ['a c d snake_case_name 2 * 3 * 4']],
    ['~~old~~ \\*new\\* @[Ada](u1)', ['old *new* @Ada']],
    ['> > twice\n> - item', ['twice', '- item']]
  ])('reads as plain text: %j', (markdown, read) => {
    expect(shown(markdown)).toEqual(read);
  });

  it('takes any text, also one that was cut in the middle of a mark, and adds nothing', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const lines = shown(text);
        expect(lines.join('\n').length).toBeLessThanOrEqual(text.length);
        expect(lines.filter((line) => !line.trim())).toEqual([]);
      }),
      { numRuns: 2000 }
    );
  });

  it('shows no row of a table as it is written', () => {
    const word = fc.stringMatching(/^[a-zäß ]{0,6}$/);
    const row = fc.array(word, { minLength: 1, maxLength: 5 }).map((parts) => `| ${parts.join(' | ')} |`);
    fc.assert(
      fc.property(row, fc.array(row), fc.nat(200), (head, rows, cut) => {
        const table = [head, '|---|:-:|', ...rows].join('\n').slice(0, cut);
        expect(shown(table).join('\n')).not.toMatch(/[|]|--/);
      })
    );
  });
});
