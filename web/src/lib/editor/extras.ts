/** What an editor can do besides writing, put together; it comes when the text is already there to be read. */
import type { Extension } from '@codemirror/state';
import { all, wordsFor } from '#lib/api/calls';
import { api } from '#lib/api/more-calls';
import type { NoteSession } from '#lib/collab/note-session.svelte';
import type { WorkspaceSession } from '#lib/collab/workspace-session.svelte';
import type { Discussion } from '#lib/comments/discussion.svelte';
import { commentMarks } from '#lib/comments/marks.svelte';
import { t } from '#lib/i18n/index.svelte';
import { toasts } from '#lib/stores/toast.svelte';
import { attachments, chooseFiles } from './attachments';
import { completions } from './completions';
import { insertLink, toggleCode, toggleMark } from './formatting';
import { referenceMarks } from './reference-marks';
import { noteByTitle } from './references';

/** A note's surroundings: what its text may point to, and how one goes there. */
export interface Surroundings {
  readonly session: WorkspaceSession;
  readonly note: NoteSession;
  readonly discussion: Discussion;
  readonly onopen: (noteId: string) => void;
}

export function extras(around: Surroundings): Extension {
  const { session, note, discussion } = around;
  return [
    completions({
      titles: () =>
        [...session.notes.values()]
          .filter((other) => other.id !== note.noteId && other.title)
          .map((other) => other.title),
      people: async () => all((query) => api.members(session.workspaceId, query)).catch(() => []),
      entries: [
        {
          label: 'slash.file',
          also: 'upload image picture attach',
          run: (view) => chooseFiles(view, session.workspaceId)
        }
      ]
    }),
    attachments(session.workspaceId),
    commentMarks(discussion, [
      { label: t('editor.bold'), sign: 'B', run: toggleMark('**') },
      { label: t('editor.italic'), sign: 'I', run: toggleMark('*') },
      { label: t('editor.code'), sign: '</>', run: toggleCode },
      { label: t('editor.link'), sign: t('editor.link'), run: insertLink }
    ]),
    referenceMarks((title) => void openTitle(around, title))
  ];
}

/** Follows a link; one that leads nowhere makes the note it names, beside the one that names it. */
export async function openTitle({ session, note, onopen }: Surroundings, title: string): Promise<void> {
  const found = noteByTitle(session.notes.values(), title);
  if (found) return onopen(found.id);
  if (session.role === 'viewer') return void toasts.show(t('editor.noSuchNote', { title }));
  const beside = session.notes.get(note.noteId);
  const position = beside
    ? { x: beside.position.x + beside.size.width + 40, y: beside.position.y }
    : { x: 0, y: 0 };
  try {
    const made = await session.createNote({
      title,
      content: '',
      position,
      size: { width: 260, height: 180 }
    });
    onopen(made.id);
  } catch (error) {
    toasts.error(t(wordsFor(error)));
  }
}
