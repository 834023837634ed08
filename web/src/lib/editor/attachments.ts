/** Files that are pasted into a text, dropped on it or chosen: sent up, and linked where they were put. */
import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { t } from '#lib/i18n/index.svelte';
import { uploads } from '#lib/stores/uploads.svelte';
import { linkTo } from './link-to';

interface Waiting {
  readonly key: object;
  readonly at: number;
  readonly name: string;
}

const begin = StateEffect.define<Waiting>({
  map: (one, changes) => ({ ...one, at: changes.mapPos(one.at) })
});
const end = StateEffect.define<object>();

class Place extends WidgetType {
  constructor(
    readonly key: object,
    readonly name: string
  ) {
    super();
  }

  override eq(other: Place): boolean {
    return other.key === this.key;
  }

  toDOM(): HTMLElement {
    const chip = document.createElement('span');
    chip.className = 'cm-upload';
    chip.textContent = t('files.uploading', { name: this.name });
    return chip;
  }
}

/** Where files will be once they are sent; moves with the text around it. */
const places = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(known, tr) {
    let set = known.map(tr.changes);
    for (const effect of tr.effects) {
      if (effect.is(begin)) {
        const { key, at, name } = effect.value;
        set = set.update({ add: [Decoration.widget({ widget: new Place(key, name), side: 1 }).range(at)] });
      } else if (effect.is(end)) {
        set = set.update({ filter: (_from, _to, { spec }) => (spec.widget as Place).key !== effect.value });
      }
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field)
});

function placeOf(view: EditorView, key: object): number | null {
  let found: number | null = null;
  view.state.field(places).between(0, view.state.doc.length, (from, _to, { spec }) => {
    if ((spec.widget as Place).key === key) found = from;
  });
  return found;
}

function put(view: EditorView, workspaceId: string, files: readonly File[], at: number): void {
  for (const file of files) {
    const key = {};
    view.dispatch({ effects: begin.of({ key, at, name: file.name || t('files.unnamed') }) });
    void uploads
      .send(workspaceId, [file], (stored) => {
        const from = placeOf(view, key);
        if (from === null || !view.dom.isConnected) return;
        view.dispatch({ changes: { from, insert: linkTo(stored) }, userEvent: 'input.file' });
      })
      .finally(() => view.dom.isConnected && view.dispatch({ effects: end.of(key) }));
  }
}

export function attachments(workspaceId: string): Extension {
  const take = (view: EditorView, files: FileList | undefined, at: number): boolean => {
    if (!files?.length || view.state.readOnly) return false;
    put(view, workspaceId, [...files], at);
    return true;
  };
  return [
    places,
    EditorView.domEventHandlers({
      paste: (event, view) => {
        // What is copied from a page or a table brings a picture of itself too; its text is what is meant.
        if (event.clipboardData?.getData('text/plain')) return false;
        return take(view, event.clipboardData?.files, view.state.selection.main.head);
      },
      drop: (event, view) => {
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length;
        return take(view, event.dataTransfer?.files, at);
      }
    })
  ];
}

/** For the slash menu: asks for files, and puts them where the caret is. */
export function chooseFiles(view: EditorView, workspaceId: string): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.onchange = () => put(view, workspaceId, [...(input.files ?? [])], view.state.selection.main.head);
  input.click();
}
