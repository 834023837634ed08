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
