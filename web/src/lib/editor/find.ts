/** Find and replace: a library of its own, which comes with the first wish for it. */
import { Compartment, type Extension } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';

const place = new Compartment();

export const find: Extension = [
  place.of([]),
  keymap.of([{ key: 'Mod-f', run: (view) => (void openFind(view), true) }])
];

/** Opens the panel. Nothing happens where the library cannot be fetched: the browser's own search remains. */
export async function openFind(view: EditorView): Promise<void> {
  const library = await import('@codemirror/search').catch(() => null);
  if (!library || !view.dom.isConnected) return;
  const { highlightSelectionMatches, openSearchPanel, search, searchKeymap } = library;
  const isHere = (place.get(view.state) as Extension[]).length > 0;
  if (!isHere) {
    const parts = [
      search({ top: true }),
      highlightSelectionMatches({ minSelectionLength: 2 }),
      keymap.of(searchKeymap)
    ];
    view.dispatch({ effects: place.reconfigure(parts) });
  }
  openSearchPanel(view);
}
