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

  it('fetches no picture from elsewhere: it links there', () => {
    const host = rendered('![a fern](https://example.org/fern.png) ![here](/api/files/f1/content)');
    expect(host.querySelector('a')?.getAttribute('href')).toBe('https://example.org/fern.png');
    expect(host.querySelector('a')?.textContent).toBe('a fern');
    expect(host.querySelectorAll('img')).toHaveLength(1);
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

  it('shows links to notes and mentions, whatever stands in them', () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    const host = rendered(`[[A <b> & "c"]] @[Ada](${id})`);
    const link = host.querySelector<HTMLElement>('a[data-note-link]');
    expect(link?.dataset['noteLink']).toBe('A <b> & "c"');
    expect(link?.textContent).toBe('A <b> & "c"');
    expect(link?.hasAttribute('target')).toBe(false);
    expect(host.querySelector('[data-mention]')?.textContent).toBe('@Ada');
  });

  it('keeps code as it is, with its language', () => {
    const block = rendered('```py x\na < b & "c"\n```').querySelector<HTMLElement>('pre');
    expect(block?.dataset['language']).toBe('py');
    expect(block?.textContent).toBe('a < b & "c"\n');
  });
});
