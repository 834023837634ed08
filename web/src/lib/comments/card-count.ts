/** Counts a note's threads anew where the stream of changes does not tell: the first comment takes its thread with it. */
import { commentApi } from '#lib/api/comment-calls';
import { all } from '#lib/api/calls';
import type { WorkspaceSession } from '#lib/collab/workspace-session.svelte';

export async function countAgain(session: WorkspaceSession, noteId: string): Promise<void> {
  const open = await all((query) => commentApi.threads(noteId, { ...query, resolved: false }));
  session.setOpenThreads(noteId, open.length);
}
