/** Other people's carets and selections in an editor, with their names. */
import { StateEffect, StateField, type Range } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { personColor } from '#lib/utils/person-color';
import type { RemoteSelection } from './note-session.svelte';

/** Where everybody's carets are. */
export const setCarets = StateEffect.define<RemoteSelection[]>();

class CaretWidget extends WidgetType {
  constructor(
    readonly name: string,
    readonly color: string
  ) {
    super();
  }

  override eq(other: CaretWidget): boolean {
    return other.name === this.name && other.color === this.color;
  }

  toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'cm-person-caret';
    caret.style.setProperty('--person', this.color);
    // People hear who is here from the presence list; a name inside the text would be read as text.
    caret.ariaHidden = 'true';
    const flag = caret.appendChild(document.createElement('span'));
    flag.className = 'cm-person-flag';
    flag.dir = 'auto';
    flag.textContent = this.name;
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function drawn(selections: RemoteSelection[], length: number): DecorationSet {
  const found: Range<Decoration>[] = [];
  const within = (position: number) => Math.min(position, length);
  for (const { cursor, ranges } of selections) {
    const color = personColor(cursor.userId);
    for (const [anchor, head] of ranges) {
      const [from, to] = [within(Math.min(anchor, head)), within(Math.max(anchor, head))];
      const attributes = { style: `--person: ${color}` };
      if (from < to)
        found.push(Decoration.mark({ class: 'cm-person-selection', attributes }).range(from, to));
      const widget = new CaretWidget(cursor.userName, color);
      found.push(Decoration.widget({ widget, side: -1 }).range(within(head)));
    }
  }
  return Decoration.set(found, true);
}

const carets = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, tr) {
    const told = tr.effects.find((effect) => effect.is(setCarets));
    return told ? drawn(told.value, tr.newDoc.length) : value.map(tr.changes);
  },
  provide: (field) => EditorView.decorations.from(field)
});

const look = EditorView.baseTheme({
  '.cm-person-selection': { background: 'color-mix(in oklch, var(--person) 22%, transparent)' },
  '.cm-person-caret': {
    position: 'relative',
    marginInline: '-1px',
    borderInlineStart: '2px solid var(--person)',
    pointerEvents: 'none'
  },
  '.cm-person-flag': {
    position: 'absolute',
    insetBlockEnd: '100%',
    insetInlineStart: '-2px',
    padding: '0 5px',
    borderRadius: '4px 4px 4px 0',
    background: 'var(--person)',
    color: '#fff',
    font: '550 11px/16px var(--font-interface)',
    whiteSpace: 'nowrap',
    maxWidth: '180px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    zIndex: '2',
    animation: 'cm-person-flag 2.4s ease-out forwards'
  },
  '@keyframes cm-person-flag': { '0%, 80%': { opacity: '1' }, '100%': { opacity: '0' } },
  '.cm-line:first-child .cm-person-flag': { insetBlockEnd: 'auto', insetBlockStart: '100%' }
});

export const remoteCarets = [carets, look];
