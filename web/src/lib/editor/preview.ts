/** Markdown as HTML that is safe to show: nothing of a note may run, load from elsewhere unasked, or leave its place. */
import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const marked = new Marked({ gfm: true, breaks: true, async: false });

const purifier = DOMPurify();
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A' && node.hasAttribute('href')) {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  if (node.tagName === 'IMG') node.setAttribute('loading', 'lazy');
});

export function renderMarkdown(source: string): string {
  return purifier.sanitize(marked.parse(source) as string, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'button', 'select', 'textarea', 'iframe', 'audio', 'video', 'dialog'],
    FORBID_ATTR: ['style', 'id', 'name', 'class', 'popover', 'popovertarget']
  });
}
