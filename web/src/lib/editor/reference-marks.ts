/** Links to notes and mentions of people, as they look in the editor, and what a click on them does. */
import type { Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate
} from '@codemirror/view';
import { MENTION, WIKI_LINK } from './references';

class Mention extends WidgetType {
  constructor(readonly name: string) {
    super();
  }

  override eq(other: Mention): boolean {
    return other.name === this.name;
  }

  toDOM(): HTMLElement {
    const chip = document.createElement('span');
    chip.className = 'cm-mention';
    chip.textContent = `@${this.name}`;
    return chip;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const link = Decoration.mark({ class: 'cm-note-link', attributes: { spellcheck: 'false' } });
const links = new MatchDecorator({ regexp: WIKI_LINK, decoration: () => link });
const mentions = new MatchDecorator({
  regexp: MENTION,
  decoration: ([, name = '']) => Decoration.replace({ widget: new Mention(name) })
});

const drawn = (matcher: MatchDecorator, isWhole: boolean) =>
  ViewPlugin.fromClass(
    class {
      marks: DecorationSet;

      constructor(view: EditorView) {
        this.marks = matcher.createDeco(view);
      }

      update(update: ViewUpdate): void {
        this.marks = matcher.updateDeco(update, this.marks);
      }
    },
    {
      decorations: (plugin) => plugin.marks,
      // The caret goes over a mention, not into what it stands for.
      ...(isWhole
        ? {
            provide: (plugin) =>
              EditorView.atomicRanges.of((view) => view.plugin(plugin)?.marks ?? Decoration.none)
          }
        : {})
    }
  );

/** `onOpen` gets the title of a link that was clicked with Ctrl or ⌘ held, or in a text that cannot be written in. */
export function referenceMarks(onOpen: (title: string) => void): Extension {
  return [
    drawn(links, false),
    drawn(mentions, true),
    EditorView.domEventHandlers({
      click: (event, view) => {
        const target = (event.target as Element).closest('.cm-note-link');
        if (!target || !(event.ctrlKey || event.metaKey || view.state.readOnly)) return false;
        onOpen(target.textContent.replace(/^\[\[|\]\]$/g, '').trim());
        return true;
      }
    })
  ];
}
