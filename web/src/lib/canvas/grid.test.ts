import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpatialGrid } from './grid';

const rect = fc.record({
  x: fc.integer({ min: -3000, max: 3000 }),
  y: fc.integer({ min: -3000, max: 3000 }),
  width: fc.integer({ min: 1, max: 1500 }),
  height: fc.integer({ min: 1, max: 1500 })
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), id: fc.integer({ min: 0, max: 20 }), rect }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 20 }), rect })
);

describe('SpatialGrid', () => {
  it('finds what a look at every rectangle finds, after any changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), rect, (steps, region) => {
        const grid = new SpatialGrid();
        const plain = new Map<string, typeof region>();
        for (const { kind, id, rect } of steps) {
          if (kind === 'put') {
            grid.put(String(id), rect);
            plain.set(String(id), rect);
          } else {
            grid.remove(String(id));
            plain.delete(String(id));
          }
        }
        const expected = [...plain]
          .filter(([, r]) => {
            const apart =
              r.x >= region.x + region.width ||
              region.x >= r.x + r.width ||
              r.y >= region.y + region.height ||
              region.y >= r.y + r.height;
            return !apart;
          })
          .map(([id]) => id);
        expect([...grid.query(region)].sort()).toEqual(expected.sort());
        expect(grid.size).toBe(plain.size);
      })
    );
  });
});
