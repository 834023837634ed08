/** How many words a text has, also in languages that put no space between them. */
export function countWords(text: string, locale: string): number {
  let count = 0;
  for (const segment of new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)) {
    if (segment.isWordLike) count++;
  }
  return count;
}
