import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neighbour, readingOrder } from './reading-order';

const at = (id: string, x: number, y: number) => ({ id, rect: { x, y, width: 200, height: 100 } });
// Two crooked rows and one note below.
const notes = [at('d', 10, 190), at('b', 250, -8), at('a', 0, 0), at('e', 0, 400), at('c', 500, 12)];

describe('readingOrder', () => {
  it('reads rows from top to bottom, each from its start', () => {
    expect(readingOrder(notes)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(readingOrder(notes, true)).toEqual(['c', 'b', 'a', 'd', 'e']);
  });

  it('names every note once and does not depend on the order they come in', () => {
    const placed = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        rect: fc.record({
          x: fc.integer({ min: 0, max: 900 }),
          y: fc.integer({ min: 0, max: 900 }),
          width: fc.constant(200),
          height: fc.constant(100)
        })
      }),
      { selector: (note) => note.rect.x * 1000 + note.rect.y, maxLength: 20 }
    );
    fc.assert(
      fc.property(placed, (all) => {
        const order = readingOrder(all);
        expect([...order].sort()).toEqual(all.map((note) => note.id).sort());
        expect(readingOrder([...all].reverse())).toEqual(order);
      })
    );
  });
});

describe('neighbour', () => {
  const rect = (id: string) => notes.find((note) => note.id === id)!.rect;

  it('goes to the note that the eye would take', () => {
    expect(neighbour(notes, rect('a'), 'right')).toBe('b');
    expect(neighbour(notes, rect('b'), 'right')).toBe('c');
    expect(neighbour(notes, rect('a'), 'down')).toBe('d');
    expect(neighbour(notes, rect('e'), 'up')).toBe('d');
  });

  it('stays where nothing lies in that direction', () => {
    expect(neighbour(notes, rect('a'), 'left')).toBeNull();
    expect(neighbour(notes, rect('e'), 'down')).toBeNull();
  });
});
