import { EditorSelection, EditorState } from '@codemirror/state';
import { EditorView, type Command } from '@codemirror/view';
import { describe, expect, it } from 'vitest';
import { cycleHeading, insertLink, toggleCode, toggleLine, toggleMark } from './formatting';

/** Runs a command on a text whose selection stands between `[` and `]`; gives the text back in the same way. */
function after(marked: string, command: Command, isReadOnly = false): string {
  const anchor = marked.indexOf('[');
  const head = marked.indexOf(']') - 1;
  const view = new EditorView({
    state: EditorState.create({
      doc: marked.replace('[', '').replace(']', ''),
      selection: EditorSelection.range(anchor, head),
      extensions: EditorState.readOnly.of(isReadOnly)
    })
  });
  command(view);
  const { from, to } = view.state.selection.main;
  const text = view.state.doc.toString();
  view.destroy();
  return `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`;
}

describe('marks', () => {
  it('are put around the selection, or the word at the caret, and taken away again', () => {
    expect(after('say [hello] now', toggleMark('**'))).toBe('say **[hello]** now');
    expect(after('say **[hello]** now', toggleMark('**'))).toBe('say [hello] now');
    expect(after('say he[]llo now', toggleMark('*'))).toBe('say *he[]llo* now');
    expect(after('say *he[]llo* now', toggleMark('*'))).toBe('say he[]llo now');
    expect(after('[]', toggleMark('**'))).toBe('**[]**');
  });

  it('make bold text italic too, rather than half bold', () => {
    expect(after('**[hello]**', toggleMark('*'))).toBe('***[hello]***');
    expect(after('***[hello]***', toggleMark('*'))).toBe('**[hello]**');
  });

  it('change nothing for a reader', () => {
    expect(after('[hello]', toggleMark('**'), true)).toBe('[hello]');
  });
});

describe('lines', () => {
  it('take the place of another block mark, and go when all lines have them', () => {
    expect(after('[one\n- two]', toggleLine('- '))).toBe('- [one\n- two]');
    expect(after('- [one\n- two]', toggleLine('- '))).toBe('[one\ntwo]');
    expect(after('- [x] [] done'.replace('[x]', '(x)'), toggleLine('- [ ] '))).toContain('- [ ] (x)');
    expect(after('  # [title]', toggleLine('> '))).toBe('  > [title]');
  });

  it('become headings of three sizes and plain again', () => {
    let text = '[title]';
    const seen = [1, 2, 3, 4].map(() => (text = after(text, cycleHeading)));
    expect(seen).toEqual(['# [title]', '## [title]', '### [title]', '[title]']);
  });

  it('become code, in a line or as a block', () => {
    expect(after('a [b] c', toggleCode)).toBe('a `[b]` c');
    expect(after('[a\nb]', toggleCode).replace(/[[\]]/g, '')).toBe('```\na\nb\n```');
  });
});

describe('links', () => {
  it('leave what is missing selected', () => {
    const view = new EditorView({
      state: EditorState.create({ doc: 'see here', selection: EditorSelection.range(4, 8) })
    });
    insertLink(view);
    expect(view.state.doc.toString()).toBe('see [here](https://)');
    expect(view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to)).toBe(
      'https://'
    );
    view.destroy();
  });
});
