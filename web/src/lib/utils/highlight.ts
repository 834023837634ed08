export interface Part {
  readonly text: string;
  readonly isHit: boolean;
}

/** Cuts `text` at the words of `query`, whatever their case. The parts joined are the text again. */
export function marked(text: string, query: string): Part[] {
  const words = query.split(/\s+/).filter(Boolean).map(escaped);
  if (!words.length) return text ? [{ text, isHit: false }] : [];
  return text
    .split(new RegExp(`(${words.join('|')})`, 'giu'))
    .map((part, index) => ({ text: part, isHit: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
