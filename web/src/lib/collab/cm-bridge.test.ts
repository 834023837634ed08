import { history, undo } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collaboration } from './cm-bridge';
import { NoteSession } from './note-session.svelte';
import { NoteReplica } from './session';

let note: NoteSession;
let view: EditorView;

beforeEach(() => {
  const host = { noteTyped: vi.fn(), noteMerged: vi.fn(), noteSelected: vi.fn(), noteReleased: vi.fn() };
  note = new NoteSession('n1', host, new NoteReplica());
  note.load('one\ntwo 😀\n', 1);
  const extensions = [collaboration(note), history({ newGroupDelay: 0 })];
  view = new EditorView({ parent: document.body, state: EditorState.create({ doc: note.doc, extensions }) });
});

afterEach(() => {
  view.destroy();
  vi.useRealTimers();
});

const text = () => view.state.doc.toString();
const type = (from: number, insert: string, to = from) =>
  view.dispatch({ changes: { from, to, insert }, userEvent: 'input.type' });
const theirs = (seq: number, ...op: (number | string | { d: number })[]) =>
  note.receive({ seq, op, clientId: 'you', clientSeq: seq });

describe('an editor and its note', () => {
  it('hold the same text, whoever types', () => {
    type(3, '!');
    theirs(2, '> ');
    type(0, '# ');
    expect(text()).toBe('# > one!\ntwo 😀\n');
    expect(note.doc.toString()).toBe(text());
  });

  it('undo own edits only', () => {
    type(3, '!');
    theirs(2, '> ');
    undo(view);
    expect(text()).toBe('> one\ntwo 😀\n');
    expect(undo(view)).toBe(false);
  });

  it('never split a character', () => {
    type(9, 'x');
    expect(text()).toBe('one\ntwo x😀\n');
    type(9, '', 10);
    expect(text()).toBe('one\ntwo x\n');
    expect(note.doc.toString()).toBe(text());
  });

  it('show where others are, and move them with the text', () => {
    const cursor = { clientId: 'you', userId: 'u2', userName: 'Ben', color: '', noteId: 'n1', timestamp: '' };
    note.moveCursor({ ...cursor, selection: [[4, 7]] });
    expect(view.dom.querySelector('.cm-person-flag')?.textContent).toBe('Ben');
    expect(view.dom.querySelector('.cm-person-selection')?.textContent).toBe('two');
    type(0, 'zero ');
    expect(view.dom.querySelector('.cm-person-selection')?.textContent).toBe('two');
    note.removeCursor('you');
    expect(view.dom.querySelector('.cm-person-caret')).toBeNull();
  });

  it('leave a line alone in which an input method composes, and lose nothing by it', () => {
    vi.useFakeTimers();
    const composing = vi.spyOn(view, 'composing', 'get').mockReturnValue(true);
    view.dispatch({ selection: { anchor: 3 } });
    theirs(2, 7, ' too');
    expect(text()).toBe('one\ntwo too 😀\n');
    theirs(3, '> ');
    expect(text()).toBe('one\ntwo too 😀\n');
    type(3, 'か');
    expect(note.doc.toString()).toBe('> oneか\ntwo too 😀\n');
    composing.mockReturnValue(false);
    type(4, '!');
    vi.advanceTimersByTime(1_000);
    expect(text()).toBe('> oneか!\ntwo too 😀\n');
    expect(note.doc.toString()).toBe(text());
  });
});
