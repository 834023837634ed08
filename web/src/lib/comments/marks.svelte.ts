/** Comments as the editor shows them: marks at what they stand at, and the bar over a selection that begins one. */
import { Prec, StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  showTooltip,
  ViewPlugin,
  type Command,
  type DecorationSet,
  type Tooltip
} from '@codemirror/view';
import { t } from '#lib/i18n/index.svelte';
import type { Discussion, Place } from './discussion.svelte';

interface Mark extends Place {
  readonly id: string;
  readonly isActive: boolean;
}

const setMarks = StateEffect.define<readonly Mark[]>();
const setDraft = StateEffect.define<Place | null>();

const draftMark = Decoration.mark({ class: 'cm-comment cm-comment-active' });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, tr) {
    let next = value.map(tr.changes);
    for (const effect of tr.effects) if (effect.is(setMarks)) next = drawn(effect.value, tr.newDoc.length);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field)
});

function drawn(found: readonly Mark[], length: number): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { id, from, to, isActive } of found) {
    if (from >= Math.min(to, length)) continue;
    const mark = Decoration.mark({
      class: isActive ? 'cm-comment cm-comment-active' : 'cm-comment',
      attributes: { 'data-thread': id },
      inclusive: false
    });
    ranges.push(mark.range(from, Math.min(to, length)));
  }
  return Decoration.set(ranges, true);
}

/** What a thread that is being begun stands at; it moves with the text. */
const draft = StateField.define<Place | null>({
  create: () => null,
  update(value, tr) {
    let next =
      value && tr.docChanged
        ? { from: tr.changes.mapPos(value.from, 1), to: tr.changes.mapPos(value.to, -1) }
        : value;
    for (const effect of tr.effects) if (effect.is(setDraft)) next = effect.value;
    return next;
  },
  provide: (field) =>
    EditorView.decorations.from(field, (place) =>
      place && place.from < place.to ? Decoration.set(draftMark.range(place.from, place.to)) : Decoration.none
    )
});

/** Begins a thread on the selection; without one looks at the thread under the caret, or begins one on the note. */
const comment =
  (discussion: Discussion): Command =>
  (view) => {
    const { from, to, empty, head } = view.state.selection.main;
    const under = empty ? threadAt(discussion, head) : null;
    if (under) discussion.look(under);
    else if (!discussion.canWrite) discussion.isOpen = true;
    else {
      view.dispatch({ effects: setDraft.of(empty ? null : { from, to }) });
      discussion.begin(empty ? null : { from, to });
    }
    return true;
  };

function threadAt(discussion: Discussion, position: number): string | null {
  for (const [id, { from, to }] of discussion.places()) if (from <= position && position <= to) return id;
  return null;
}

function reveal(view: EditorView, position: number): void {
  const place = Math.min(position, view.state.doc.length);
  const at = view.coordsAtPos(place);
  const box = view.scrollDOM.getBoundingClientRect();
  if (at && at.top >= box.top && at.bottom <= box.bottom) return;
  view.dispatch({ effects: EditorView.scrollIntoView(place, { y: 'center' }) });
}

/** Other commands that the bar over a selection offers. */
export interface BarItem {
  readonly label: string;
  readonly sign: string;
  readonly run: Command;
}

function bar(discussion: Discussion, items: readonly BarItem[]): Extension {
  const isWanted = ({ selection, readOnly }: EditorView['state']) => !selection.main.empty && !readOnly;
  const make = (place: number): Tooltip => ({
    pos: place,
    above: true,
    create: (view) => {
      const dom = document.createElement('div');
      dom.className = 'cm-selection-bar';
      dom.role = 'toolbar';
      dom.ariaLabel = t('comments.bar');
      const all = [
        ...items,
        { label: t('comments.add'), sign: t('comments.addShort'), run: comment(discussion) }
      ];
      for (const { label, sign, run } of all) {
        const button = dom.appendChild(document.createElement('button'));
        button.type = 'button';
        button.textContent = sign;
        button.title = label;
        button.ariaLabel = label;
        // The selection must outlive the press.
        button.onmousedown = (event) => event.preventDefault();
        button.onclick = () => run(view);
      }
      return { dom };
    }
  });
  return StateField.define<Tooltip | null>({
    create: () => null,
    update(value, tr) {
      if (!isWanted(tr.state)) return null;
      if (!tr.selection && !tr.docChanged) return value;
      // Only where somebody selects: what a command selects by itself needs no bar.
      if (tr.selection && !tr.isUserEvent('select')) return value && make(tr.state.selection.main.from);
      const { from } = tr.state.selection.main;
      return value?.pos === from ? value : make(from);
    },
    provide: (field) => showTooltip.from(field)
  });
}

/** Marks, the bar, Ctrl+Alt+M and a click on a mark. */
export function commentMarks(discussion: Discussion, items: readonly BarItem[]): Extension {
  return [
    marks,
    draft,
    bar(discussion, items),
    Prec.high(keymap.of([{ key: 'Mod-Alt-m', run: comment(discussion) }])),
    look,
    ViewPlugin.define((view) => {
      discussion.view = view;
      discussion.draftPlace = () => view.state.field(draft);
      discussion.reveal = (position) => reveal(view, position);
      let frame = 0;
      const show = () => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => {
          const { activeId, list } = discussion;
          const open = new Set(
            list.threads.filter((one) => !one.resolvedAt || one.id === activeId).map(({ id }) => id)
          );
          const found = [...discussion.places()].filter(([id]) => open.has(id));
          const next = found.map(([id, place]) => ({ id, ...place, isActive: id === activeId }));
          view.dispatch({ effects: setMarks.of(next) });
        });
      };
      const stop = $effect.root(() => {
        $effect(() => {
          void [discussion.list.anchors, discussion.list.threads, discussion.activeId];
          show();
        });
        $effect(() => {
          if (!discussion.draft?.isOnText)
            requestAnimationFrame(
              () => view.state.field(draft) && view.dispatch({ effects: setDraft.of(null) })
            );
        });
      });
      return {
        destroy: () => {
          cancelAnimationFrame(frame);
          stop();
          discussion.view = null;
        }
      };
    }),
    EditorView.domEventHandlers({
      click: (event, view) => {
        const target = (event.target as Element).closest?.('[data-thread]');
        const isSelecting = !view.state.selection.main.empty;
        if (!target || isSelecting || event.ctrlKey || event.metaKey) return false;
        discussion.look(target.getAttribute('data-thread')!);
        return false;
      }
    })
  ];
}

const look = EditorView.baseTheme({
  '.cm-comment': {
    background: 'color-mix(in oklch, var(--note-yellow-mark) 28%, transparent)',
    boxShadow: 'inset 0 -1.5px 0 color-mix(in oklch, var(--note-yellow-mark) 80%, transparent)',
    borderRadius: '2px',
    cursor: 'pointer'
  },
  '.cm-comment-active': {
    background: 'color-mix(in oklch, var(--note-yellow-mark) 42%, transparent)',
    boxShadow: 'inset 0 -2px 0 var(--note-yellow-mark)'
  },
  '.cm-tooltip.cm-selection-bar': {
    display: 'flex',
    gap: '2px',
    padding: '3px',
    border: '0',
    borderRadius: '9px',
    background: 'var(--raised)',
    boxShadow: 'var(--float)',
    transform: 'translateY(-6px)'
  },
  '.cm-selection-bar button': {
    minWidth: '30px',
    minHeight: '28px',
    padding: '0 8px',
    borderRadius: '7px',
    color: 'var(--ink)',
    font: '550 13px/20px var(--font-interface)'
  },
  '.cm-selection-bar button:hover': { background: 'var(--hover)' },
  '@media (pointer: coarse)': { '.cm-selection-bar button': { minHeight: '44px' } }
});
