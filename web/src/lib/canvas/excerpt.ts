/** Markdown of an excerpt as plain values, for the small cards. A handful of forms is enough there, and
 * what marks them is left out; never HTML. An excerpt may be cut anywhere. */
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
  ['quote', /^\s*(?:>\s?)+/]
];

/** What parts a table's head from its rows, or paragraphs from each other. */
const RULE = /^[\s|:-]*\|[\s|:-]*$|^\s*(?:[-*_=]\s*){3,}$/;

// A link may stand around a picture: its words are the picture's then.
const INLINE =
  /\*\*(.+?)\*\*|\b__(.+?)__\b|\*([^*\s][^*]*)\*|\b_([^_\s][^_]*)_\b|`([^`]+)`|\[\[([^\]]+)\]\]|!?\[((?:!\[[^\]]*\]\([^)]*\)|[^\]])*)\](?:\([^)]*(?:\)|$)|\[[^\]]*\])|~~(.+?)~~|\\([!-/:-@[-`{-~])/g;
const STYLES: readonly Span['style'][] = [
  'strong',
  'strong',
  'emphasis',
  'emphasis',
  'code',
  'link',
  'link',
  'plain',
  'plain'
];

export function excerptLines(markdown: string): Line[] {
  const lines: Line[] = [];
  let isFenced = false;
  let isTable = false;
  const raws = markdown.replace(/<!--[^]*?(?:-->|$)/g, '').split('\n');
  for (const [n, raw] of raws.entries()) {
    if (/^\s*(?:```|~~~)/.test(raw)) {
      isFenced = !isFenced;
      continue;
    }
    if (isFenced) {
      if (raw.trim()) lines.push({ kind: 'code', spans: [{ text: raw, style: 'plain' }] });
      continue;
    }
    const isRule = RULE.test(raw);
    isTable = raw.includes('|') && (isTable || isRule || /^\s*\|/.test(raw) || RULE.test(raws[n + 1] ?? ''));
    if (isRule) continue;
    const block = isTable ? undefined : BLOCKS.find(([, pattern]) => pattern.test(raw));
    const text = isTable ? cells(raw) : raw.replace(block?.[1] ?? '', '');
    const spans = inlineSpans(text);
    if (spans.some((span) => span.text.trim())) lines.push({ kind: block?.[0] ?? 'text', spans });
  }
  return lines;
}

/** A table's row with a light sign between its cells. */
const cells = (row: string): string =>
  row.replace(/^\s*\|\s*|\s*\|\s*$/g, '').replace(/(\\?)\|/g, (_, isText) => (isText ? '|' : '·'));

function inlineSpans(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) spans.push({ text: text.slice(end, match.index), style: 'plain' });
    const group = match.slice(1).findIndex((part) => part !== undefined);
    const style = STYLES[group]!;
    const inner = match[group + 1]!;
    const isAsWritten = style === 'code' || inner.length === 1;
    spans.push({
      text: isAsWritten
        ? inner
        : inlineSpans(inner)
            .map((span) => span.text)
            .join(''),
      style
    });
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ text: text.slice(end), style: 'plain' });
  return spans;
}
