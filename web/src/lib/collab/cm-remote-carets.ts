/** Other people's carets and selections in an editor, with their names. */
import { StateEffect, StateField, type ChangeDesc, type Range } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { personColor } from '#lib/utils/person-color';
import type { RemoteSelection } from './note-session.svelte';

/** Where a person's caret is; null takes it away. */
export const setCaret = StateEffect.define<{ clientId: string; selection: RemoteSelection | null }>();

interface Person {
  name: string;
  color: string;
  ranges: [anchor: number, head: number][];
}

type People = ReadonlyMap<string, Person>;

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

function moved(people: People, changes: ChangeDesc): People {
  const place = (position: number) => changes.mapPos(position, 1);
  return new Map(
    [...people].map(([clientId, person]) => [
      clientId,
      { ...person, ranges: person.ranges.map(([anchor, head]) => [place(anchor), place(head)]) }
    ])
  );
}

function drawn(people: People, length: number): DecorationSet {
  const found: Range<Decoration>[] = [];
  const within = (position: number) => Math.min(position, length);
  for (const { name, color, ranges } of people.values()) {
    for (const [anchor, head] of ranges) {
      const [from, to] = [within(Math.min(anchor, head)), within(Math.max(anchor, head))];
      const attributes = { style: `--person: ${color}` };
      if (from < to)
        found.push(Decoration.mark({ class: 'cm-person-selection', attributes }).range(from, to));
      found.push(Decoration.widget({ widget: new CaretWidget(name, color), side: 1 }).range(within(head)));
    }
  }
  return Decoration.set(found, true);
}

const people = StateField.define<{ people: People; drawn: DecorationSet }>({
  create: () => ({ people: new Map(), drawn: Decoration.none }),
  update(value, tr) {
    let next = tr.docChanged ? moved(value.people, tr.changes) : value.people;
    for (const effect of tr.effects) {
      if (!effect.is(setCaret)) continue;
      const { clientId, selection } = effect.value;
      const others = new Map(next);
      others.delete(clientId);
      if (selection) others.set(clientId, personOf(selection));
      next = others;
    }
    return next === value.people ? value : { people: next, drawn: drawn(next, tr.newDoc.length) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.drawn)
});

function personOf({ cursor, ranges }: RemoteSelection): Person {
  return { name: cursor.userName, color: personColor(cursor.userId), ranges };
}

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

export const remoteCarets = [people, look];
