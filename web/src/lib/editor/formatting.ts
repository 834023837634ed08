/** The commands of the toolbar: each puts Markdown marks around or before what is selected, or takes them away. */
import { EditorSelection, type ChangeSpec, type EditorState, type TransactionSpec } from '@codemirror/state';
import type { Command } from '@codemirror/view';

const command =
  (make: (state: EditorState) => TransactionSpec): Command =>
  (view) => {
    if (view.state.readOnly) return false;
    view.dispatch(view.state.update(make(view.state), { scrollIntoView: true, userEvent: 'input.format' }));
    view.focus();
    return true;
  };

/** Puts `mark` on both sides of each selection (of the word at the caret), or removes it from there. */
export const toggleMark = (mark: string): Command =>
  command((state) =>
    state.changeByRange((range) => {
      const word = range.empty ? state.wordAt(range.head) : null;
      const { from, to } = word ?? range;
      const size = mark.length;
      const around = (start: number, end: number) =>
        state.sliceDoc(start - size, start) === mark && state.sliceDoc(end, end + size) === mark;
      const doubled = mark + mark[0];
      // `*` inside `**` belongs to the bold mark, not to an italic one.
      const isOther =
        size === 1 &&
        state.sliceDoc(from - 2, from) === doubled &&
        state.sliceDoc(to, to + 2) === doubled &&
        state.sliceDoc(from - 3, from) !== doubled + mark;
      if (around(from, to) && !isOther) {
        return {
          changes: [
            { from: from - size, to: from },
            { from: to, to: to + size }
          ],
          range: EditorSelection.range(range.anchor - size, range.head - size)
        };
      }
      return {
        changes: [
          { from, insert: mark },
          { from: to, insert: mark }
        ],
        range: EditorSelection.range(range.anchor + size, range.head + size)
      };
    })
  );

const BLOCK = /^(\s*)(?:#{1,6} |> |(?:[-*+] |\d+[.)] )(?:\[[ xX]\] )?)?/;

/** Makes every selected line start with `prefix`, in place of another block mark; or plain again when all have it. */
export const toggleLine = (prefix: string): Command =>
  command((state) => {
    const starts = new Set<number>();
    for (const { from, to } of state.selection.ranges) {
      for (let at = from; at <= to; at = state.doc.lineAt(at).to + 1) starts.add(state.doc.lineAt(at).from);
    }
    const lines = [...starts].map((from) => state.doc.lineAt(from));
    const parts = lines.map((line) => {
      const [whole, indent = ''] = BLOCK.exec(line.text)!;
      return { line, indent, mark: whole.slice(indent.length) };
    });
    const isOn = parts.every(({ mark }) => mark === prefix);
    const changes: ChangeSpec[] = parts.map(({ line, indent, mark }) => {
      const from = line.from + indent.length;
      return { from, to: from + mark.length, insert: isOn ? '' : prefix };
    });
    // A caret at the start of the line goes behind the mark, where one writes on.
    return { changes, selection: state.selection.map(state.changes(changes), 1) };
  });

/** Plain, then heading 1, 2, 3, then plain again. */
export const cycleHeading: Command = (view) => {
  const line = view.state.doc.lineAt(view.state.selection.main.head);
  const level = /^(#{1,6}) /.exec(line.text)?.[1]?.length ?? 0;
  const next = level >= 3 ? '#'.repeat(level) : '#'.repeat(level + 1);
  return toggleLine(`${next} `)(view);
};

/** Code in a line, or a fenced block around several lines. */
export const toggleCode: Command = (view) => {
  const { from, to } = view.state.selection.main;
  const { doc } = view.state;
  const [first, last] = [doc.lineAt(from), doc.lineAt(to)];
  if (first.number === last.number) return toggleMark('`')(view);
  return command(() => ({
    changes: [
      { from: first.from, insert: '```\n' },
      { from: last.to, insert: '\n```' }
    ]
  }))(view);
};

/** A link around the selection, with the place for its address selected. */
export const insertLink: Command = command((state) =>
  state.changeByRange(({ from, to }) => {
    const text = state.sliceDoc(from, to);
    const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(text);
    const [label, address] = isAddress ? ['', text] : [text, 'https://'];
    const insert = `[${label}](${address})`;
    const start = from + (label ? label.length + 3 : 1);
    const end = label ? start + address.length : start;
    return { changes: { from, to, insert }, range: EditorSelection.range(start, end) };
  })
);
