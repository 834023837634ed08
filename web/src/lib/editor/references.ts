/** What points elsewhere from a text: `[[title]]` to another note, `@[name](id)` to a person. Pure. */
export const WIKI_LINK = /\[\[([^[\]\n]{1,200})\]\]/g;
export const MENTION = /@\[([^\]\n]{1,100})\]\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/g;

/** The titles that a text links to, each once. */
export function wikiLinks(text: string): string[] {
  return [...new Set([...text.matchAll(WIKI_LINK)].map((match) => match[1]!.trim()))];
}

/** Titles are the same whatever their case and the space around them. */
export function isSameTitle(a: string, b: string): boolean {
  return a.trim().localeCompare(b.trim(), undefined, { sensitivity: 'accent' }) === 0;
}

/** The note that a link means: of several with the title the one changed last. */
export function noteByTitle<T extends { readonly title: string; readonly updatedAt: string }>(
  notes: Iterable<T>,
  title: string
): T | null {
  let found: T | null = null;
  for (const note of notes) {
    if (isSameTitle(note.title, title) && (!found || note.updatedAt > found.updatedAt)) found = note;
  }
  return found;
}

export const mentionOf = (name: string, userId: string): string =>
  `@[${name.replace(/[[\]\n]/g, ' ').slice(0, 100)}](${userId})`;
