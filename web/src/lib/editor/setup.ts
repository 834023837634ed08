/** Everything that makes a note's text editable, put together. */
import { history, historyKeymap, indentWithTab, standardKeymap } from '@codemirror/commands';
import { indentUnit } from '@codemirror/language';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { collaboration } from '#lib/collab/cm-bridge';
import type { NoteSession } from '#lib/collab/note-session.svelte';
import { find } from './find';
import { cycleHeading, insertLink, toggleCode, toggleLine, toggleMark } from './formatting';
import { liveMarkdown } from './live-markdown';
import { look } from './look';

export interface EditorWords {
  label: string;
  placeholder: string;
  /** The editor's own phrases (find and replace), by their English wording. */
  phrases: Record<string, string>;
}

const formattingKeys = keymap.of([
  { key: 'Mod-b', run: toggleMark('**') },
  { key: 'Mod-i', run: toggleMark('*') },
  { key: 'Mod-e', run: toggleCode },
  { key: 'Mod-Alt-1', run: cycleHeading },
  { key: 'Mod-Shift-8', run: toggleLine('- ') },
  { key: 'Mod-Shift-9', run: toggleLine('- [ ] ') },
  // With nothing selected the key stays free for the palette.
  { key: 'Mod-k', run: (view) => !view.state.selection.main.empty && insertLink(view) }
]);

/** `onLeave` is called for Esc when there is nothing else to leave. */
export function editorExtensions(note: NoteSession, words: EditorWords, onLeave: () => void): Extension[] {
  return [
    collaboration(note),
    // What others typed is never in here: only own edits are undone.
    history(),
    liveMarkdown,
    look,
    EditorView.lineWrapping,
    EditorView.perLineTextDirection.of(true),
    drawSelection(),
    indentUnit.of('  '),
    EditorState.allowMultipleSelections.of(true),
    EditorState.phrases.of(words.phrases),
    EditorView.contentAttributes.of({
      'aria-label': words.label,
      'aria-multiline': 'true',
      spellcheck: 'true',
      autocorrect: 'on',
      autocapitalize: 'sentences'
    }),
    placeholder(words.placeholder),
    Prec.high(formattingKeys),
    find,
    // Of the library's many keys those for prose: what code wants besides would cost every reader some kilobytes.
    keymap.of([...historyKeymap, indentWithTab, ...standardKeymap]),
    Prec.lowest(keymap.of([{ key: 'Escape', run: () => (onLeave(), true) }]))
  ];
}

export function readOnly(isReadOnly: boolean): Extension {
  return [EditorState.readOnly.of(isReadOnly), EditorView.editable.of(!isReadOnly)];
}
