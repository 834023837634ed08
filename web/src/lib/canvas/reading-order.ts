import { centerOf, type Rect } from './geometry';

export interface Placed {
  readonly id: string;
  readonly rect: Rect;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The order in which a person would read the notes: rows from top to bottom, each from its start. A note belongs to the row
 * whose first note it overlaps by half of its own height, so that slightly crooked rows stay rows.
 */
export function readingOrder(notes: Iterable<Placed>, isRightToLeft = false): string[] {
  const rest = [...notes].sort(
    (a, b) => a.rect.y - b.rect.y || a.rect.x - b.rect.x || (a.id < b.id ? -1 : 1)
  );
  const rows: Placed[][] = [];
  for (const note of rest) {
    const row = rows.at(-1);
    const first = row?.[0]?.rect;
    if (row && first && note.rect.y + note.rect.height / 2 < first.y + first.height) row.push(note);
    else rows.push([note]);
  }
  const sign = isRightToLeft ? -1 : 1;
  return rows.flatMap((row) => row.sort((a, b) => sign * (a.rect.x - b.rect.x)).map((note) => note.id));
}

/** The nearest note in a direction; what lies aside counts double, so that the eye's straight line wins. */
export function neighbour(notes: Iterable<Placed>, from: Rect, direction: Direction): string | null {
  const start = centerOf(from);
  const isHorizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best: string | null = null;
  let bestCost = Infinity;
  for (const { id, rect } of notes) {
    const center = centerOf(rect);
    const dx = center.x - start.x;
    const dy = center.y - start.y;
    const ahead = sign * (isHorizontal ? dx : dy);
    const aside = Math.abs(isHorizontal ? dy : dx);
    if (ahead <= 0 || aside > 2 * ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < bestCost) {
      best = id;
      bestCost = cost;
    }
  }
  return best;
}
