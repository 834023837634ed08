/** What the slash menu offers, and what each entry puts in its place. */
import type { Completion } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import type { PlainKey } from '#lib/i18n/messages';
import { i18n, t } from '#lib/i18n/index.svelte';
import { insertLink, toggleLine } from './formatting';

interface SlashEntry {
  readonly label: PlainKey;
  /** Other words that find it, in English as people know them from elsewhere. */
  readonly also: string;
  readonly run: (view: EditorView) => void;
}

/** Puts text at the caret; the caret goes where `§` stands. */
const insert =
  (text: string | (() => string)) =>
  (view: EditorView): void => {
    const wanted = typeof text === 'string' ? text : text();
    const at = wanted.indexOf('§');
    const from = view.state.selection.main.head;
    const caret = from + (at < 0 ? wanted.length : at);
    view.dispatch({
      changes: { from, insert: at < 0 ? wanted : wanted.slice(0, at) + wanted.slice(at + 1) },
      selection: { anchor: caret },
      userEvent: 'input.complete',
      scrollIntoView: true
    });
  };

const today = () => new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'long' }).format(new Date());

const ENTRIES: readonly SlashEntry[] = [
  { label: 'slash.heading1', also: 'h1 title', run: toggleLine('# ') },
  { label: 'slash.heading2', also: 'h2', run: toggleLine('## ') },
  { label: 'slash.heading3', also: 'h3', run: toggleLine('### ') },
  { label: 'slash.list', also: 'ul bullet', run: toggleLine('- ') },
  { label: 'slash.numbered', also: 'ol ordered', run: toggleLine('1. ') },
  { label: 'slash.task', also: 'todo checkbox', run: toggleLine('- [ ] ') },
  { label: 'slash.quote', also: 'blockquote', run: toggleLine('> ') },
  { label: 'slash.code', also: 'code fence', run: insert('```\n§\n```\n') },
  { label: 'slash.table', also: 'grid', run: insert('\n| § |  |  |\n| --- | --- | --- |\n|  |  |  |\n') },
  { label: 'slash.divider', also: 'hr line rule', run: insert('\n---\n') },
  { label: 'slash.link', also: 'url', run: insertLink },
  { label: 'slash.noteLink', also: 'wiki page', run: insert('[[') },
  { label: 'slash.mention', also: 'person at', run: insert('@') },
  { label: 'slash.date', also: 'today', run: insert(today) }
];

/** `more`: what only some notes offer, such as putting in a file. */
export function slashCompletions(more: readonly SlashEntry[]): Completion[] {
  return [...ENTRIES, ...more].map(({ label, also, run }, index) => ({
    label: `/${t(label)} ${also}`,
    displayLabel: t(label),
    boost: -index,
    apply: (view, _completion, from, to) => {
      view.dispatch({ changes: { from, to }, userEvent: 'delete.slash' });
      run(view);
    }
  }));
}

export type { SlashEntry };
