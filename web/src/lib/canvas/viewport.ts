/** Pan and zoom as plain values: `screen = world · zoom + (x, y)`. Screen points are relative to the canvas' corner. */
import { centerOf, clamp, type Point, type Rect, type Size } from './geometry';

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const MIN_ZOOM = 0.04;
export const MAX_ZOOM = 3;
/** Under this zoom notes are drawn on a 2D canvas instead of as elements. */
export const OVERVIEW_ZOOM = 0.3;

export const ORIGIN: Viewport = { x: 0, y: 0, zoom: 1 };

export function toWorld(viewport: Viewport, screen: Point): Point {
  return { x: (screen.x - viewport.x) / viewport.zoom, y: (screen.y - viewport.y) / viewport.zoom };
}

export function toScreen(viewport: Viewport, world: Point): Point {
  return { x: world.x * viewport.zoom + viewport.x, y: world.y * viewport.zoom + viewport.y };
}

/** What of the world a window of `size` pixels shows. */
export function visibleRect(viewport: Viewport, size: Size): Rect {
  const corner = toWorld(viewport, { x: 0, y: 0 });
  return { ...corner, width: size.width / viewport.zoom, height: size.height / viewport.zoom };
}

export function panBy(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx, y: viewport.y + dy };
}

/** Zooms to `zoom` (kept within bounds) so that the world point under `anchor` stays where it is. */
export function zoomTo(viewport: Viewport, anchor: Point, zoom: number): Viewport {
  const bounded = clamp(zoom, MIN_ZOOM, MAX_ZOOM);
  const world = toWorld(viewport, anchor);
  return { x: anchor.x - world.x * bounded, y: anchor.y - world.y * bounded, zoom: bounded };
}

/** One step of a wheel or a trackpad pinch; `deltaY` in pixels. */
export function wheelZoom(viewport: Viewport, anchor: Point, deltaY: number): Viewport {
  // A mouse's notch is 100 px and more, a pinch's step about 5: both should feel like one motion.
  return zoomTo(viewport, anchor, viewport.zoom * Math.exp(-clamp(deltaY, -60, 60) * 0.01));
}

/** Two fingers: the world points that were under `from` come under `to`. */
export function pinch(
  viewport: Viewport,
  from: readonly [Point, Point],
  to: readonly [Point, Point]
): Viewport {
  const spread = (pair: readonly [Point, Point]) =>
    Math.hypot(pair[0].x - pair[1].x, pair[0].y - pair[1].y) || 1;
  const middle = (pair: readonly [Point, Point]) => ({
    x: (pair[0].x + pair[1].x) / 2,
    y: (pair[0].y + pair[1].y) / 2
  });
  const before = middle(from);
  const after = middle(to);
  const zoomed = zoomTo(viewport, before, viewport.zoom * (spread(to) / spread(from)));
  return panBy(zoomed, after.x - before.x, after.y - before.y);
}

/** Shows all of `world` in the middle of the window, with `padding` pixels around and no larger than `largest`. */
export function fit(world: Rect, size: Size, padding = 64, largest = 1): Viewport {
  const room = {
    width: Math.max(1, size.width - 2 * padding),
    height: Math.max(1, size.height - 2 * padding)
  };
  const wanted = Math.min(
    room.width / Math.max(1, world.width),
    room.height / Math.max(1, world.height),
    largest
  );
  return centerOn(centerOf(world), size, clamp(wanted, MIN_ZOOM, MAX_ZOOM));
}

export function centerOn(world: Point, size: Size, zoom: number): Viewport {
  return { x: size.width / 2 - world.x * zoom, y: size.height / 2 - world.y * zoom, zoom };
}

/** The smallest pan that brings `world` into the window, `padding` pixels from the edge. Unchanged when it is there. */
export function reveal(viewport: Viewport, world: Rect, size: Size, padding = 24): Viewport {
  const corner = toScreen(viewport, world);
  const shift = (start: number, length: number, room: number) => {
    if (start < padding || length > room - 2 * padding) return padding - start;
    return Math.min(0, room - padding - start - length);
  };
  const dx = shift(corner.x, world.width * viewport.zoom, size.width);
  const dy = shift(corner.y, world.height * viewport.zoom, size.height);
  return dx || dy ? panBy(viewport, dx, dy) : viewport;
}

/** A point on the way from `a` to `b`, `part` from 0 to 1. Zoom runs on its logarithm, so that it looks even. */
export function between(a: Viewport, b: Viewport, part: number): Viewport {
  if (part >= 1) return b;
  const zoom = a.zoom * (b.zoom / a.zoom) ** part;
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, zoom };
}
