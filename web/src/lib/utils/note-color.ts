import type { PlainKey } from '#lib/i18n/messages';

/** The six soft tints. `value` is what is stored: a plain hex colour, so that other programs can show it too. */
export interface NoteColor {
  readonly name: 'plain' | 'yellow' | 'green' | 'blue' | 'violet' | 'rose';
  readonly value: string;
  readonly label: PlainKey;
}

export const NOTE_COLORS: readonly NoteColor[] = [
  { name: 'plain', value: '#e5e7eb', label: 'color.plain' },
  { name: 'yellow', value: '#fde68a', label: 'color.yellow' },
  { name: 'green', value: '#a7f3d0', label: 'color.green' },
  { name: 'blue', value: '#bfdbfe', label: 'color.blue' },
  { name: 'violet', value: '#ddd6fe', label: 'color.violet' },
  { name: 'rose', value: '#fecdd3', label: 'color.rose' }
];

export interface NoteTint {
  /** CSS colours, theme-aware: the paper, and the mark that names the colour. */
  readonly paper: string;
  readonly mark: string;
}

const HEX = /^#[0-9a-f]{6}$/i;

/** How to paint a note. A foreign hex colour is mixed softly into the paper; anything else is plain. */
export function noteTint(color: string | null): NoteTint {
  const known = NOTE_COLORS.find((candidate) => candidate.value === color?.toLowerCase());
  if (!known && color && HEX.test(color)) {
    return { paper: `color-mix(in oklch, ${color} 16%, var(--note-plain))`, mark: color };
  }
  const name = known?.name ?? 'plain';
  return { paper: `var(--note-${name})`, mark: `var(--note-${name}-mark)` };
}
