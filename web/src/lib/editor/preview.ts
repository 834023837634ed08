/** Markdown as HTML that is safe to show: nothing of a note may run, load from elsewhere unasked, or leave its place. */
import DOMPurify from 'dompurify';
import { Marked, type TokenizerAndRendererExtension } from 'marked';
import { t } from '#lib/i18n/index.svelte';
import { MENTION, WIKI_LINK } from './references';

/** `[[title]]` becomes a button-like link that the page follows; `@[name](id)` a name. Neither can carry HTML. */
const references: TokenizerAndRendererExtension[] = [
  {
    name: 'noteLink',
    level: 'inline',
    start: (source) => source.indexOf('[['),
    tokenizer(source) {
      const match = new RegExp(`^${WIKI_LINK.source}`).exec(source);
      return match ? { type: 'noteLink', raw: match[0], text: match[1]!.trim() } : undefined;
    },
    renderer: ({ text }) =>
      `<a href="#" data-note-link="${escaped(text as string)}">${escaped(text as string)}</a>`
  },
  {
    name: 'mention',
    level: 'inline',
    start: (source) => source.indexOf('@['),
    tokenizer(source) {
      const match = new RegExp(`^${MENTION.source}`).exec(source);
      return match ? { type: 'mention', raw: match[0], text: match[1]! } : undefined;
    },
    renderer: ({ text }) => `<span data-mention="">@${escaped(text as string)}</span>`
  }
];

const marked = new Marked({ gfm: true, breaks: true, async: false }).use({
  extensions: references,
  renderer: {
    code: ({ text, lang }) =>
      `<pre data-language="${escaped(/^\S*/.exec(lang ?? '')?.[0] ?? '')}"><code>${escaped(text)}\n</code></pre>`,
    // A picture of another place would tell that place who reads this: whoever wants to see it goes there.
    image: ({ href, text }) =>
      /^(https?:)?\/\//i.test(href) ? `<a href="${escaped(href)}">${escaped(text || href)}</a>` : false
  }
});

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}

const purifier = DOMPurify();
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A' && node.hasAttribute('href') && !node.hasAttribute('data-note-link')) {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  if (node.tagName === 'INPUT') node.setAttribute('aria-label', t('editor.task'));
  if (node.tagName !== 'IMG') return;
  node.setAttribute('loading', 'lazy');
  // Files of the workspace are fetched with the reader's right to them (NotePreview), which an address cannot carry.
  const source = node.getAttribute('src') ?? '';
  if (!source.startsWith('/api/files/')) return;
  node.removeAttribute('src');
  node.setAttribute('data-file', source);
});

export function renderMarkdown(source: string): string {
  return purifier.sanitize(marked.parse(source) as string, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'button', 'select', 'textarea', 'iframe', 'audio', 'video', 'dialog'],
    FORBID_ATTR: ['style', 'id', 'name', 'class', 'popover', 'popovertarget']
  });
}
