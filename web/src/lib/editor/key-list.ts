/** The keys of the editor as the help lists them; the editor itself takes them (setup.ts, find.ts, comments). */
import type { PlainKey } from '#lib/i18n/messages';

export const EDITOR_KEYS: readonly (readonly [label: PlainKey, chord: string])[] = [
  ['editor.bold', 'mod+b'],
  ['editor.italic', 'mod+i'],
  ['editor.heading', 'mod+alt+1'],
  ['editor.list', 'mod+shift+8'],
  ['editor.task', 'mod+shift+9'],
  ['editor.code', 'mod+e'],
  ['editor.link', 'mod+k'],
  ['editor.find', 'mod+f'],
  ['comments.add', 'mod+alt+m'],
  ['keys.undo', 'mod+z'],
  ['keys.redo', 'mod+shift+z'],
  ['action.close', 'esc']
];
