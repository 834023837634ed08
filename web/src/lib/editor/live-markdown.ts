/** Markdown that looks like what it means while it stays plain text: sizes, weights, quiet marks, ticked boxes. */
import {
  HighlightStyle,
  Language,
  LanguageSupport,
  syntaxHighlighting,
  syntaxTree
} from '@codemirror/language';
import { markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { type Extension, type Range } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type MarkdownConfig, type MarkdownParser, parseCode } from '@lezer/markdown';
import { codeParser } from './code-parser';

const style = HighlightStyle.define([
  {
    tag: tags.heading1,
    fontSize: '1.625em',
    fontWeight: '680',
    lineHeight: '1.3',
    letterSpacing: '-0.018em'
  },
  {
    tag: tags.heading2,
    fontSize: '1.3125em',
    fontWeight: '660',
    lineHeight: '1.35',
    letterSpacing: '-0.014em'
  },
  { tag: tags.heading3, fontSize: '1.125em', fontWeight: '650' },
  { tag: [tags.heading4, tags.heading5, tags.heading6], fontWeight: '650' },
  { tag: tags.strong, fontWeight: '650' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through', color: 'var(--ink-muted)' },
  { tag: tags.link, color: 'var(--accent-ink)' },
  { tag: tags.url, color: 'var(--ink-muted)' },
  { tag: tags.monospace, fontFamily: 'var(--font-code)', fontSize: '0.9em' },
  { tag: tags.quote, color: 'var(--ink-muted)' },
  { tag: [tags.processingInstruction, tags.contentSeparator], color: 'var(--ink-muted)', fontWeight: '400' },
  { tag: [tags.labelName, tags.comment, tags.meta], color: 'var(--ink-muted)' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-number)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.tagName],
    color: 'var(--code-name)'
  },
  { tag: [tags.typeName, tags.className, tags.attributeName], color: 'var(--code-type)' }
]);

/** A paragraph is parsed as a whole at every key in it: what is longer, such as a pasted log, counts as several. */
export const LONGEST_PARAGRAPH = 5_000;
const bounded: MarkdownConfig = {
  parseBlock: [{ name: 'Bounded', endLeaf: (_cx, _line, leaf) => leaf.content.length > LONGEST_PARAGRAPH }]
};

/** Markdown with the languages of its code blocks, which are fetched when one is there. */
const markdown = new Language(
  markdownLanguage.data,
  (markdownLanguage.parser as MarkdownParser).configure([parseCode({ codeParser }), bounded]),
  [],
  'markdown'
);

/** Classes for whole lines of a block. */
const LINES: Readonly<Record<string, Decoration>> = {
  FencedCode: Decoration.line({ class: 'cm-code-line', attributes: { spellcheck: 'false' } }),
  CodeBlock: Decoration.line({ class: 'cm-code-line', attributes: { spellcheck: 'false' } }),
  Table: Decoration.line({ class: 'cm-table-line' }),
  Blockquote: Decoration.line({ class: 'cm-quote-line' })
};
/** Every line is written in the direction of its own first letter. */
const ownDirection = Decoration.line({ attributes: { dir: 'auto' } });
const inlineCode = Decoration.mark({ class: 'cm-inline-code', attributes: { spellcheck: 'false' } });
const doneTask = Decoration.mark({ class: 'cm-task-done' });

class TaskBox extends WidgetType {
  constructor(
    readonly isDone: boolean,
    readonly isFixed: boolean
  ) {
    super();
  }

  override eq(other: TaskBox): boolean {
    return other.isDone === this.isDone && other.isFixed === this.isFixed;
  }

  toDOM(view: EditorView): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.className = 'cm-task-box';
    box.checked = this.isDone;
    box.disabled = this.isFixed;
    box.ariaLabel = view.state.phrase('Task');
    box.onmousedown = (event) => event.preventDefault();
    box.onclick = (event) => {
      event.preventDefault();
      const from = view.posAtDOM(box);
      const insert = this.isDone ? '[ ]' : '[x]';
      view.dispatch({ changes: { from, to: from + 3, insert }, userEvent: 'input.task' });
    };
    return box;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function decorate(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  const { state } = view;
  const isFixed = state.readOnly;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; at = state.doc.lineAt(at).to + 1) {
      found.push(ownDirection.range(state.doc.lineAt(at).from));
    }
    syntaxTree(state).iterate({
      from,
      to,
      enter: (node) => {
        const line = LINES[node.name];
        if (line) {
          for (let at = Math.max(node.from, from); at <= Math.min(node.to, to);) {
            const here = state.doc.lineAt(at);
            found.push(line.range(here.from));
            at = here.to + 1;
          }
        } else if (node.name === 'InlineCode') found.push(inlineCode.range(node.from, node.to));
        else if (node.name === 'TaskMarker') {
          const isDone = /x/i.test(state.sliceDoc(node.from, node.to));
          const end = state.doc.lineAt(node.to).to;
          if (isDone && node.to < end) found.push(doneTask.range(node.to, end));
          // The signs themselves are shown where somebody writes among them.
          const isTouched = state.selection.ranges.some(
            (range) => range.from <= node.to && range.to >= node.from
          );
          if (!isTouched || isFixed) {
            found.push(
              Decoration.replace({ widget: new TaskBox(isDone, isFixed) }).range(node.from, node.to)
            );
          }
        }
      }
    });
  }
  return Decoration.set(found, true);
}

const decorations = ViewPlugin.fromClass(
  class {
    drawn: DecorationSet;

    constructor(view: EditorView) {
      this.drawn = decorate(view);
    }

    update(update: ViewUpdate): void {
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || update.selectionSet || isParsed) {
        this.drawn = decorate(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.drawn }
);

export const liveMarkdown: Extension = [
  new LanguageSupport(markdown, keymap.of(markdownKeymap)),
  syntaxHighlighting(style),
  decorations
];
