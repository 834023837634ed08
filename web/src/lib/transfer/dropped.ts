/** Files that are dropped on a workspace: texts and zips are brought in, anything else becomes a note that shows it. */
import { wordsFor } from '#lib/api/errors';
import { type BoardEdits, LEAST_SIZE, NEW_NOTE_SIZE } from '#lib/canvas/board-edits';
import type { Point } from '#lib/canvas/geometry';
import type { Step } from '#lib/canvas/undo';
import type { WorkspaceSession } from '#lib/collab/workspace-session.svelte';
import { linkTo } from '#lib/editor/link-to';
import '#lib/i18n/all';
import { t } from '#lib/i18n/index.svelte';
import { toasts } from '#lib/stores/toast.svelte';
import { UploadRow } from '#lib/stores/uploads.svelte';

/** Notes of several files stand beside each other. */
const STEP = NEW_NOTE_SIZE.width + 24;

const ignore = () => undefined;

export const isText = (file: File): boolean => /\.(zip|md|markdown|txt)$/i.test(file.name);

/** A note for each file, the first with its middle at `at`; they can be taken back together. */
export async function showAsNotes(
  session: WorkspaceSession,
  edits: BoardEdits,
  files: readonly File[],
  at: Point
): Promise<void> {
  const steps: Step[] = [];
  for (const [index, file] of files.entries()) {
    const row = new UploadRow(index, session.workspaceId, file);
    const toast = toasts.show(t('files.uploading', { name: file.name }), {
      stays: true,
      action: { label: t('action.cancel'), run: () => row.stop() }
    });
    const stored = await row.run();
    toasts.dismiss(toast);
    if (stored) {
      const x = Math.round(at.x - NEW_NOTE_SIZE.width / 2 + index * STEP);
      const y = Math.round(at.y - LEAST_SIZE.height);
      const title = file.name.replace(/\.[^.]+$/, '').slice(0, 200);
      const note = { title, content: linkTo(stored), position: { x, y }, size: NEW_NOTE_SIZE };
      const { step, made } = edits.make([note], ignore);
      steps.push(step);
      await made;
    } else if ((row.failure as Error).name !== 'AbortError') toasts.error(t(wordsFor(row.failure)));
  }
  if (!steps.length) return;
  const back = () => steps.forEach((step) => edits.history.revert(step));
  toasts.show(t('files.shown', { n: steps.length }), {
    tone: 'success',
    action: { label: t('action.undo'), run: back }
  });
}
