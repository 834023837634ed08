/** Where a line between two notes runs: from edge to edge, bent so that it leaves and meets them squarely. */
import { centerOf, type Point, type Rect } from './geometry';

export interface Curve {
  readonly from: Point;
  readonly first: Point;
  readonly second: Point;
  readonly to: Point;
}

const LEAST_BEND = 24;
const MOST_BEND = 160;
/** The head of the arrow stops this far before the note. */
const GAP = 6;

/** A cubic curve from `a` to `b`: between the sides that face each other, the wider way first. */
export function curveBetween(a: Rect, b: Rect): Curve {
  const [from, to] = [centerOf(a), centerOf(b)];
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const gapX = Math.abs(dx) - (a.width + b.width) / 2;
  const gapY = Math.abs(dy) - (a.height + b.height) / 2;
  if (gapX >= gapY) {
    const sign = Math.sign(dx) || 1;
    const start = { x: from.x + (sign * a.width) / 2, y: from.y };
    const end = { x: to.x - sign * (b.width / 2 + GAP), y: to.y };
    const bend = bendOf(end.x - start.x);
    return {
      from: start,
      first: { x: start.x + sign * bend, y: start.y },
      second: { x: end.x - sign * bend, y: end.y },
      to: end
    };
  }
  const sign = Math.sign(dy) || 1;
  const start = { x: from.x, y: from.y + (sign * a.height) / 2 };
  const end = { x: to.x, y: to.y - sign * (b.height / 2 + GAP) };
  const bend = bendOf(end.y - start.y);
  return {
    from: start,
    first: { x: start.x, y: start.y + sign * bend },
    second: { x: end.x, y: end.y - sign * bend },
    to: end
  };
}

/** From a note to a free point: while a new line is being drawn. */
export function curveTo(a: Rect, point: Point): Curve {
  return curveBetween(a, { x: point.x, y: point.y, width: 0, height: 0 });
}

export function pathOf({ from, first, second, to }: Curve): string {
  return `M${from.x} ${from.y}C${first.x} ${first.y} ${second.x} ${second.y} ${to.x} ${to.y}`;
}

export function middleOf({ from, first, second, to }: Curve): Point {
  return {
    x: (from.x + 3 * first.x + 3 * second.x + to.x) / 8,
    y: (from.y + 3 * first.y + 3 * second.y + to.y) / 8
  };
}

function bendOf(way: number): number {
  return Math.min(MOST_BEND, Math.max(LEAST_BEND, Math.abs(way) / 2));
}
