/** What the editor proposes while one types: blocks after `/`, notes after `[[`, people after `@`. */
import {
  autocompletion,
  closeCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionStatus,
  startCompletion
} from '@codemirror/autocomplete';
import { EditorView, keymap } from '@codemirror/view';
import { Prec, type Extension } from '@codemirror/state';
import { mentionOf } from './references';
import { slashCompletions, type SlashEntry } from './slash';

export interface Proposals {
  /** The titles of the other notes of the workspace. */
  titles: () => string[];
  people: () => Promise<readonly { readonly userId: string; readonly displayName: string }[]>;
  entries: readonly SlashEntry[];
}

export function completions(proposals: Proposals): Extension {
  return [
    // Escape right after a letter leaves the note: nothing is proposed yet that it could close. Before the library's own
    // keys, which take it for a wish to close what has not opened.
    Prec.highest(
      keymap.of([
        {
          key: 'Escape',
          run: (view) => completionStatus(view.state) === 'pending' && closeCompletion(view) && false
        }
      ])
    ),
    autocompletion({
      override: [
        (context) => slash(context, proposals.entries),
        (context) => notes(context, proposals.titles()),
        (context) => mentions(context, proposals.people)
      ],
      icons: false,
      // Where one ends a word and goes on, nothing may be put in by accident.
      activateOnTypingDelay: 60,
      tooltipClass: () => 'cm-proposals'
    }),
    // Entries of the slash menu may put in the sign that opens the next list.
    EditorView.updateListener.of(({ view, transactions }) => {
      const isComplete = transactions.some((tr) => tr.isUserEvent('input.complete'));
      const { head } = view.state.selection.main;
      if (isComplete && /(\[\[|@)$/.test(view.state.sliceDoc(head - 2, head))) startCompletion(view);
    })
  ];
}

function slash(context: CompletionContext, more: readonly SlashEntry[]): CompletionResult | null {
  const typed = context.matchBefore(/(?:^|\s)\/[\p{L}\p{N}]*$/u);
  if (!typed) return null;
  const from = typed.from + typed.text.indexOf('/');
  return { from, options: slashCompletions(more), validFor: /^\/[\p{L}\p{N}]*$/u };
}

function notes(context: CompletionContext, titles: readonly string[]): CompletionResult | null {
  const typed = context.matchBefore(/\[\[[^[\]\n]*$/);
  if (!typed) return null;
  const options = titles.map((title): Completion => ({
    label: title,
    apply: (view, _completion, from, to) => {
      const end = view.state.sliceDoc(to, to + 2) === ']]' ? to + 2 : to;
      view.dispatch({
        changes: { from, to: end, insert: `${title}]]` },
        selection: { anchor: from + title.length + 2 },
        userEvent: 'input.complete'
      });
    }
  }));
  return { from: typed.from + 2, options, validFor: /^[^[\]\n]*$/ };
}

async function mentions(
  context: CompletionContext,
  people: Proposals['people']
): Promise<CompletionResult | null> {
  const typed = context.matchBefore(/(?:^|[\s(])@[\p{L}\p{N}.-]*$/u);
  if (!typed) return null;
  const from = typed.from + typed.text.indexOf('@');
  const options = (await people()).map(({ userId, displayName }) => ({
    label: `@${displayName}`,
    displayLabel: displayName,
    apply: `${mentionOf(displayName, userId)} `
  }));
  return { from, options, validFor: /^@[\p{L}\p{N}.-]*$/u };
}
