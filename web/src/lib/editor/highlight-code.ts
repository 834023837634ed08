/** Colours for the code blocks of a preview, put in as elements and text, never as HTML. */
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { codeLanguage } from './code-languages';

const classes = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: 'tok-keyword' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: 'tok-string' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'tok-number' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.tagName],
    class: 'tok-name'
  },
  { tag: [tags.typeName, tags.className, tags.attributeName], class: 'tok-type' },
  { tag: tags.comment, class: 'tok-comment' }
]);

export async function highlightBlocks(host: HTMLElement): Promise<void> {
  for (const block of host.querySelectorAll<HTMLElement>('pre[data-language] > code')) {
    const support = await codeLanguage(block.parentElement!.dataset['language'] ?? '');
    if (!support) continue;
    const text = block.textContent;
    const parts: (Node | string)[] = [];
    let done = 0;
    highlightTree(support.language.parser.parse(text), classes, (from, to, names) => {
      const span = document.createElement('span');
      span.className = names;
      span.textContent = text.slice(from, to);
      parts.push(text.slice(done, from), span);
      done = to;
    });
    block.replaceChildren(...parts, text.slice(done));
  }
}
