/** Markdown of an excerpt as plain values, for the small cards. A handful of forms is enough there; never HTML. */
export interface Span {
  readonly text: string;
  readonly style: 'plain' | 'strong' | 'emphasis' | 'code' | 'link';
}

export interface Line {
  readonly kind: 'text' | 'heading' | 'item' | 'done' | 'open' | 'quote' | 'code';
  readonly spans: readonly Span[];
}

const BLOCKS: readonly (readonly [Line['kind'], RegExp])[] = [
  ['heading', /^#{1,6}\s+/],
  ['done', /^\s*[-*+]\s+\[[xX]\]\s+/],
  ['open', /^\s*[-*+]\s+\[ \]\s+/],
  ['item', /^\s*(?:[-*+]|\d{1,3}[.)])\s+/],
  ['quote', /^>\s?/]
];

const INLINE = /\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*)\*|`([^`]+)`|!?\[([^\]]*)\]\([^)]*\)/g;
const STYLES: readonly Span['style'][] = ['strong', 'strong', 'emphasis', 'code', 'link'];

export function excerptLines(markdown: string): Line[] {
  const lines: Line[] = [];
  let isFenced = false;
  for (const raw of markdown.split('\n')) {
    if (/^\s*```/.test(raw)) {
      isFenced = !isFenced;
      continue;
    }
    if (!raw.trim()) continue;
    if (isFenced) {
      lines.push({ kind: 'code', spans: [{ text: raw, style: 'plain' }] });
      continue;
    }
    const block = BLOCKS.find(([, pattern]) => pattern.test(raw));
    const text = block ? raw.replace(block[1], '') : raw;
    lines.push({ kind: block?.[0] ?? 'text', spans: inlineSpans(text) });
  }
  return lines;
}

function inlineSpans(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) spans.push({ text: text.slice(end, match.index), style: 'plain' });
    const group = match.slice(1).findIndex((part) => part !== undefined);
    spans.push({ text: match[group + 1] ?? '', style: STYLES[group] ?? 'plain' });
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ text: text.slice(end), style: 'plain' });
  return spans;
}
