import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from './geometry';
import {
  between,
  fit,
  MAX_ZOOM,
  MIN_ZOOM,
  pinch,
  reveal,
  toScreen,
  toWorld,
  visibleRect,
  wheelZoom,
  zoomTo
} from './viewport';

const coordinate = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const viewport = fc.record({
  x: coordinate,
  y: coordinate,
  zoom: fc.double({ min: MIN_ZOOM, max: MAX_ZOOM, noNaN: true })
});
const size = { width: 1280, height: 800 };

function near(a: { x: number; y: number }, b: { x: number; y: number }) {
  expect(a.x).toBeCloseTo(b.x, 4);
  expect(a.y).toBeCloseTo(b.y, 4);
}

describe('viewport', () => {
  it('takes a point to the world and back', () => {
    fc.assert(
      fc.property(viewport, point, (view, screen) => near(toScreen(view, toWorld(view, screen)), screen))
    );
  });

  it('keeps the point under the pointer while zooming, within the bounds', () => {
    fc.assert(
      fc.property(viewport, point, fc.double({ min: 0.001, max: 50, noNaN: true }), (view, anchor, zoom) => {
        const zoomed = zoomTo(view, anchor, zoom);
        expect(zoomed.zoom).toBeGreaterThanOrEqual(MIN_ZOOM);
        expect(zoomed.zoom).toBeLessThanOrEqual(MAX_ZOOM);
        near(toScreen(zoomed, toWorld(view, anchor)), anchor);
      })
    );
  });

  it('zooms in when the wheel goes up and out when it goes down', () => {
    const start = { x: 0, y: 0, zoom: 1 };
    expect(wheelZoom(start, { x: 5, y: 5 }, -100).zoom).toBeGreaterThan(1);
    expect(wheelZoom(start, { x: 5, y: 5 }, 100).zoom).toBeLessThan(1);
  });

  it('puts the world under both fingers where the fingers go', () => {
    const view = { x: 30, y: -20, zoom: 0.8 };
    const from = [
      { x: 100, y: 100 },
      { x: 300, y: 100 }
    ] as const;
    const to = [
      { x: 150, y: 220 },
      { x: 450, y: 220 }
    ] as const;
    const pinched = pinch(view, from, to);
    expect(pinched.zoom).toBeCloseTo(0.8 * 1.5);
    near(toScreen(pinched, toWorld(view, from[0])), to[0]);
    near(toScreen(pinched, toWorld(view, from[1])), to[1]);
  });

  it('shows all of what it fits', () => {
    const rect = fc.record({
      x: coordinate,
      y: coordinate,
      width: fc.integer({ min: 1, max: 15_000 }),
      height: fc.integer({ min: 1, max: 9_000 })
    });
    fc.assert(
      fc.property(
        rect,
        (world) => void expect(contains(visibleRect(fit(world, size), size), world)).toBe(true)
      )
    );
  });

  it('reveals a note with the smallest pan and leaves a visible one alone', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    const inside = { x: 100, y: 100, width: 200, height: 100 };
    expect(reveal(view, inside, size)).toBe(view);
    expect(reveal(view, { ...inside, x: 1200 }, size)).toEqual({ x: -144, y: 0, zoom: 1 });
    expect(reveal(view, { ...inside, y: -50 }, size)).toEqual({ x: 0, y: 74, zoom: 1 });
  });

  it('goes from the one to the other', () => {
    const a = { x: 0, y: 0, zoom: 0.25 };
    const b = { x: 100, y: 40, zoom: 1 };
    expect(between(a, b, 0)).toEqual(a);
    expect(between(a, b, 0.5)).toEqual({ x: 50, y: 20, zoom: 0.5 });
    expect(between(a, b, 1)).toBe(b);
  });
});
