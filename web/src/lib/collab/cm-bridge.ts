/** Couples a CodeMirror editor to a note that is shared live. */
import { EditorState, Transaction, type ChangeSet, type Extension } from '@codemirror/state';
import { ViewPlugin, type EditorView, type PluginValue, type ViewUpdate } from '@codemirror/view';
import { remoteCarets, setCarets } from './cm-remote-carets';
import type { NoteSession, NoteView } from './note-session.svelte';
import { withWholeCharacters } from './ot';

/** The editor must have been made with `note.doc` in the same turn. */
export function collaboration(note: NoteSession): Extension {
  return [wholeCharacters, remoteCarets, ViewPlugin.define((view) => new Bridge(view, note))];
}

/** Mends changes that would cut a character in two, before anything sees them. */
export const wholeCharacters = EditorState.transactionFilter.of((tr) => {
  if (!tr.docChanged || tr.annotation(Transaction.remote)) return tr;
  const changes = withWholeCharacters(tr.changes, tr.startState.doc);
  if (!changes) return tr;
  const userEvent = tr.annotation(Transaction.userEvent);
  return {
    changes,
    effects: tr.effects,
    scrollIntoView: tr.scrollIntoView,
    ...(userEvent === undefined ? {} : { userEvent })
  };
});

/** The input method's last change arrives a little after it says that it has ended. */
const COMPOSED_MS = 60;

class Bridge implements PluginValue {
  /** Others' changes that wait while an input method composes in the line they touch. */
  #held: ChangeSet | null = null;
  #release: ReturnType<typeof setTimeout> | null = null;
  #isAlive = true;
  readonly #stop: () => void;
  readonly #face: NoteView = {
    receive: (changes) => this.#receive(changes),
    selected: () => this.#drawCarets(),
    acknowledged: () => this.#tellSelection()
  };

  constructor(
    private readonly view: EditorView,
    private readonly note: NoteSession
  ) {
    this.#stop = note.show(this.#face);
    // A plugin may not dispatch while it is being made.
    queueMicrotask(() => {
      if (this.#isAlive) this.#drawCarets();
    });
  }

  update(update: ViewUpdate): void {
    const typed = update.transactions.filter((tr) => tr.docChanged && !tr.annotation(Transaction.remote));
    for (const tr of typed) this.#typed(tr.changes);
    if (this.#held && !this.view.composing) this.#releaseSoon();
    // Others' changes move the caret for everybody alike: nobody has to be told.
    if (update.selectionSet || typed.length > 0 || update.focusChanged) this.#tellSelection();
  }

  destroy(): void {
    this.#isAlive = false;
    this.#stop();
    if (this.#release !== null) clearTimeout(this.#release);
  }

  #typed(made: ChangeSet): void {
    let changes = made;
    if (this.#held) {
      changes = made.map(this.#held);
      this.#held = this.#held.map(made, true);
    }
    this.note.edit(changes, this.#face);
  }

  #receive(changes: ChangeSet): void {
    if (this.view.composing && (this.#held || this.#touchesCaretLine(changes))) {
      this.#held = this.#held ? this.#held.compose(changes) : changes;
    } else if (this.#held) {
      this.#held = this.#held.compose(changes);
      this.#releaseSoon();
    } else this.#apply(changes);
  }

  #apply(changes: ChangeSet): void {
    this.view.dispatch({
      changes,
      effects: setCarets.of(this.note.selections()),
      annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
      filter: false
    });
  }

  #releaseSoon(): void {
    this.#release ??= setTimeout(() => {
      this.#release = null;
      const held = this.#held;
      if (!held || this.view.composing) return;
      this.#held = null;
      this.#apply(held);
      this.#tellSelection();
    }, COMPOSED_MS);
  }

  #touchesCaretLine(changes: ChangeSet): boolean {
    const { doc, selection } = this.view.state;
    const line = doc.lineAt(selection.main.head);
    return changes.touchesRange(line.from, line.to) !== false;
  }

  #drawCarets(): void {
    // While text is held back, places in it are not those of the editor; its release puts it right.
    if (!this.#held) this.view.dispatch({ effects: setCarets.of(this.note.selections()) });
  }

  #tellSelection(): void {
    if (!this.view.hasFocus || this.#held) return;
    const { ranges } = this.view.state.selection;
    this.note.select(ranges.map(({ anchor, head }) => [anchor, head]));
  }
}
