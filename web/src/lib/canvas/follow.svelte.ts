/** Looking over somebody's shoulder: the canvas goes where they point, the editor opens what they open. */
import type { Presence } from '#lib/collab/types';
import type { Board } from './board.svelte';
import { centerOn, reveal } from './viewport';

export class Follower {
  clientId = $state<string | null>(null);

  constructor(
    private readonly board: Board,
    private readonly open: (noteId: string) => void
  ) {}

  /** Who is followed; null when nobody is, or they left. */
  person = $derived.by((): Presence | null =>
    this.clientId ? (this.board.session.presence.get(this.clientId) ?? null) : null
  );

  toggle(clientId: string): void {
    this.clientId = this.clientId === clientId ? null : clientId;
  }

  stop(): void {
    this.clientId = null;
  }

  /** Call from an effect: goes along with what the followed person does. */
  go(): void {
    const { person, board } = this;
    if (!person) return;
    if (person.noteId && board.session.notes.has(person.noteId)) return this.open(person.noteId);
    const at = board.session.cursors.get(person.clientId)?.position;
    if (!at) return;
    // Only when they point outside of what is in sight: a view that swims along with every move makes seasick.
    const target = reveal(board.viewport, { ...at, width: 1, height: 1 }, board.size, 48);
    if (target !== board.viewport) board.glideTo(centerOn(at, board.size, board.viewport.zoom));
  }
}
