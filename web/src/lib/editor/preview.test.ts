import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './preview';

function rendered(source: string): HTMLElement {
  const host = document.createElement('div');
  host.innerHTML = renderMarkdown(source);
  return host;
}

describe('the preview', () => {
  it('shows Markdown as what it means', () => {
    const host = rendered('# Title\n\n- [x] done\n\n**bold** `code`\n\n| a |\n|---|\n| b |');
    expect(host.querySelector('h1')?.textContent).toBe('Title');
    expect(host.querySelector<HTMLInputElement>('li input')?.checked).toBe(true);
    expect(host.querySelectorAll('strong, code, table')).toHaveLength(3);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '<a href="jAvAsCrIpT:alert(1)">x</a>',
    '<svg><script>alert(1)</script></svg>',
    '<iframe src="https://example.org"></iframe>',
    '<form action="/api/auth/logout"><button>x</button></form>',
    '<style>*{display:none}</style>',
    '<p style="position:fixed" id="app" class="cover">x</p>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>'
  ])('lets nothing run or break out: %s', (source) => {
    const host = rendered(source);
    expect(host.querySelector('script, iframe, form, button, style, svg script, object, embed')).toBeNull();
    for (const element of host.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^(on|style$|id$|class$|name$)/);
        expect(value).not.toMatch(/^\s*(javascript|data):/i);
      }
    }
  });

  it('opens links apart, telling nothing of the page', () => {
    const link = rendered('[x](https://example.org)').querySelector('a');
    expect(link?.getAttribute('rel')).toContain('noopener');
    expect(link?.getAttribute('target')).toBe('_blank');
  });
});
