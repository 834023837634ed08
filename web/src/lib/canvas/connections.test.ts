import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveBetween, middleOf, pathOf } from './connections';
import type { Rect } from './geometry';

const rects = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  width: fc.integer({ min: 40, max: 600 }),
  height: fc.integer({ min: 40, max: 600 })
});

const isOnEdge = (rect: Rect, { x, y }: { x: number; y: number }) =>
  x === rect.x || x === rect.x + rect.width || y === rect.y || y === rect.y + rect.height;

describe('curveBetween', () => {
  it('starts on the edge of the first note and ends beside the second', () => {
    fc.assert(
      fc.property(rects, rects, (a, b) => {
        const { from, to } = curveBetween(a, b);
        expect(isOnEdge(a, from)).toBe(true);
        const grown = { x: b.x - 6, y: b.y - 6, width: b.width + 12, height: b.height + 12 };
        expect(isOnEdge(grown, to)).toBe(true);
      })
    );
  });

  it('runs between the facing sides', () => {
    const a = { x: 0, y: 0, width: 100, height: 100 };
    const beside = curveBetween(a, { x: 300, y: 0, width: 100, height: 100 });
    expect(pathOf(beside)).toBe('M100 50C197 50 197 50 294 50');
    expect(middleOf(beside)).toEqual({ x: 197, y: 50 });
    expect(curveBetween(a, { x: 0, y: 300, width: 100, height: 100 }).from).toEqual({ x: 50, y: 100 });
  });
});
