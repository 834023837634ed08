import type { NoteMeta } from '#lib/collab/types';
import { rectOf, type Rect } from './geometry';
import { SpatialGrid } from './grid';

/** Keeps a grid in step with the session's notes; only what changed since the last time is moved in it. */
export class NoteIndex {
  readonly grid = new SpatialGrid();
  #seen = new Map<string, NoteMeta>();

  sync(notes: ReadonlyMap<string, NoteMeta>): void {
    for (const [id, note] of notes) {
      const seen = this.#seen.get(id);
      if (seen === note) continue;
      this.#seen.set(id, note);
      if (seen?.position !== note.position || seen.size !== note.size)
        this.grid.put(id, rectOf(note.position, note.size));
    }
    if (this.#seen.size === notes.size) return;
    for (const id of this.#seen.keys()) {
      if (notes.has(id)) continue;
      this.#seen.delete(id);
      this.grid.remove(id);
    }
  }

  rect(id: string): Rect | undefined {
    return this.grid.rect(id);
  }
}
