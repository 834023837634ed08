import { history, undo } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import { collaboration } from './cm-bridge';
import { NoteSession, type NoteHost } from './note-session.svelte';
import { NoteReplica } from './session';

let note: NoteSession;
let view: EditorView;
let host: { [name in keyof NoteHost]: Mock };

beforeEach(() => {
  host = { noteTyped: vi.fn(), noteMerged: vi.fn(), noteSelected: vi.fn(), noteReleased: vi.fn() };
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

  it('tell where the person is when they move or type, not when others type', () => {
    view.focus();
    view.dispatch({ selection: { anchor: 3 } });
    expect(host.noteSelected).toHaveBeenLastCalledWith(note, [[3, 3]]);
    const told = host.noteSelected.mock.calls.length;
    theirs(2, '> ');
    expect(view.state.selection.main.head).toBe(5);
    expect(host.noteSelected).toHaveBeenCalledTimes(told);
    type(5, '!');
    expect(host.noteSelected.mock.calls.length).toBeGreaterThan(told);
  });

  it('move the caret of who typed along, and of all others not', () => {
    const at = (clientId: string) => ({
      ...{ clientId, userId: clientId, userName: clientId, color: '', noteId: 'n1', timestamp: '' },
      selection: [[4, 4]] as [number, number][]
    });
    for (const clientId of ['you', 'someone']) note.moveCursor(at(clientId));
    theirs(2, 4, 'and ');
    const carets = new Map(note.selections().map(({ cursor, ranges }) => [cursor.clientId, ranges]));
    expect(carets.get('you')).toEqual([[8, 8]]);
    expect(carets.get('someone')).toEqual([[4, 4]]);
    const drawn = [...view.dom.querySelectorAll('.cm-person-caret, .cm-line')].map((element) =>
      element.matches('.cm-line') ? element.textContent.replace('you', '|').replace('someone', '^') : ''
    );
    expect(drawn.join('')).toBe('one^and |two 😀');
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
