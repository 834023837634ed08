import { overlaps, type Rect } from './geometry';

const CELL = 512;

/** Finds the rectangles in a region without looking at all of them: a hash grid with cells of 512 world units. */
export class SpatialGrid {
  #rects = new Map<string, Rect>();
  #cells = new Map<string, Set<string>>();

  get size(): number {
    return this.#rects.size;
  }

  put(id: string, rect: Rect): void {
    this.remove(id);
    this.#rects.set(id, rect);
    for (const cell of cellsOf(rect)) {
      const ids = this.#cells.get(cell);
      if (ids) ids.add(id);
      else this.#cells.set(cell, new Set([id]));
    }
  }

  remove(id: string): void {
    const rect = this.#rects.get(id);
    if (!rect) return;
    this.#rects.delete(id);
    for (const cell of cellsOf(rect)) {
      const ids = this.#cells.get(cell);
      ids?.delete(id);
      if (ids?.size === 0) this.#cells.delete(cell);
    }
  }

  rect(id: string): Rect | undefined {
    return this.#rects.get(id);
  }

  entries(): IterableIterator<[string, Rect]> {
    return this.#rects.entries();
  }

  /** The ids of all rectangles that overlap `region`, each once. */
  query(region: Rect): Set<string> {
    const found = new Set<string>();
    // A region with more cells than there are rectangles is answered quicker by looking at every rectangle.
    if ((region.width / CELL) * (region.height / CELL) > this.#rects.size) {
      for (const [id, rect] of this.#rects) if (overlaps(rect, region)) found.add(id);
      return found;
    }
    for (const cell of cellsOf(region)) {
      for (const id of this.#cells.get(cell) ?? []) {
        if (overlaps(this.#rects.get(id)!, region)) found.add(id);
      }
    }
    return found;
  }
}

function* cellsOf(rect: Rect): Generator<string> {
  const right = Math.floor((rect.x + rect.width) / CELL);
  const bottom = Math.floor((rect.y + rect.height) / CELL);
  for (let column = Math.floor(rect.x / CELL); column <= right; column++) {
    for (let row = Math.floor(rect.y / CELL); row <= bottom; row++) yield `${column}:${row}`;
  }
}
