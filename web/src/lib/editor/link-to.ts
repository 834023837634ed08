import type { StoredFile } from '#lib/api/types';

/** The Markdown for a file: shown when it is a picture, linked otherwise. */
export function linkTo(file: Pick<StoredFile, 'name' | 'url' | 'mimeType'>): string {
  const name = file.name.replace(/[[\]\n\\]/g, ' ');
  return `${file.mimeType.startsWith('image/') ? '!' : ''}[${name}](${file.url})`;
}
