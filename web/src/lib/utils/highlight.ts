export interface Part {
  readonly text: string;
  readonly isHit: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'"
};

/** Marks of Markdown that say nothing in a line of small text: lists and tables become dots between their parts, links
 * their words. The text may be cut anywhere, also within a link whose words fit. */
export function withoutMarkdown(text: string): string {
  return text
    .replace(/(^|\s)(?:[-*+]|\d+\.) \[[ xX]\](?=\s|$)/g, '$1·')
    .replace(/<!--[^]*?(?:-->|$)/g, '')
    .replace(/!?\[([^\][]*)\]\([^)\s]*(?:\)|$)/g, '$1')
    .replace(/^\]\([^)\s]*(?:\)|$)|\[\[|\]\]|!?\[$/g, '')
    .replace(/\|(?:\s*:?-+:?\s*\|)+/g, '|')
    .replace(/(^|\s)(?:#{1,6}|`{3,}\w*)(?:\s|$)/g, '$1')
    .replace(/\*\*|__|`/g, '')
    .replace(/\s*\|\s*/g, ' · ')
    .replace(/(?:\s*·\s*){2,}/g, ' · ');
}

/** The server's snippet (escaped text with `<mark>` around what fits) as plain parts, so that no HTML is ever put in. */
export function snippetParts(snippet: string): Part[] {
  return snippet
    .split(/<mark>([\s\S]*?)<\/mark>/)
    .map((part, index) => ({
      text: part.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => ENTITIES[entity] ?? entity),
      isHit: index % 2 === 1
    }))
    .filter((part) => part.text !== '');
}

/** The same for a line of small text: without marks, and with no dot before the first word or after the last. */
export function shownParts(snippet: string): Part[] {
  const parts = snippetParts(snippet);
  return parts.map(({ text, isHit }, index) => {
    let shown = isHit ? text : withoutMarkdown(text);
    if (index === 0) shown = shown.replace(/^[\s·]+/, '');
    if (index === parts.length - 1) shown = shown.replace(/[\s·]+$/, '');
    return { text: shown, isHit };
  });
}
