/** A hue for a person, always the same: twelve even steps of the OKLCH wheel, chosen by the id (FNV-1a). */
export function personHue(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return ((hash >>> 0) % 12) * 30 + 10;
}

/** A background that carries white text in both themes; lightness and chroma are the theme's. */
export function personColor(id: string): string {
  return `oklch(var(--person-lightness) var(--person-chroma) ${personHue(id)})`;
}

/** One or two letters for an avatar. Reads graphemes, so that an emoji or a combined letter stays whole. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0]!, words[words.length - 1]!] : words;
  const segmenter = new Intl.Segmenter();
  return picked
    .map((word) => segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? '')
    .join('')
    .toUpperCase();
}
