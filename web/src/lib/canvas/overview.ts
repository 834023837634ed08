import type { Curve } from './connections';
import type { Frame } from './frames';
import type { Rect } from './geometry';
import type { Viewport } from './viewport';

export interface OverviewNote {
  readonly rect: Rect;
  readonly title: string;
  readonly color: string | null;
  readonly isSelected: boolean;
}

/** Colours ready for a 2D canvas, read from the theme once per repaint of the theme. */
export interface OverviewPalette {
  readonly paper: (color: string | null) => string;
  readonly mark: (color: string | null) => string;
  /** Of a note that is no more than a mark: strong enough to be seen without a border. */
  readonly far: (color: string | null) => string;
  readonly line: string;
  readonly curve: string;
  readonly selection: string;
  readonly ink: string;
}

/** All that the far view shows. */
export interface OverviewScene {
  readonly frames: readonly Frame[];
  readonly curves: readonly Curve[];
  readonly notes: readonly OverviewNote[];
}

const TITLE_ZOOM = 0.12;
const CORNER = 12;
const TITLE_EDGE = 18;
/** More never fit. */
const MOST_SIGNS = 80;

/** Draws notes as plain cards: thousands of elements would cost a frame each, a canvas draws them in one. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  { frames, curves, notes }: OverviewScene,
  viewport: Viewport,
  palette: OverviewPalette,
  pixelRatio: number
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const scale = viewport.zoom * pixelRatio;
  context.setTransform(scale, 0, 0, scale, viewport.x * pixelRatio, viewport.y * pixelRatio);
  const hairline = 1 / viewport.zoom;
  for (const { rect, color } of frames) {
    context.beginPath();
    context.roundRect(rect.x, rect.y, rect.width, rect.height, 18);
    context.fillStyle = context.strokeStyle = palette.mark(color);
    context.globalAlpha = 0.08;
    context.fill();
    context.globalAlpha = 0.6;
    context.lineWidth = hairline;
    context.stroke();
  }
  context.globalAlpha = 1;
  context.strokeStyle = palette.curve;
  context.lineWidth = Math.max(1.5, hairline);
  context.beginPath();
  for (const { from, first, second, to } of curves) {
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y);
  }
  context.stroke();
  const shown = inSight(context, notes, viewport, scale);
  if (viewport.zoom < TITLE_ZOOM) drawMarks(context, shown, palette);
  else drawCards(context, shown, palette, hairline);
  context.strokeStyle = palette.selection;
  context.lineWidth = 2 * hairline;
  context.beginPath();
  for (const { rect, isSelected } of shown)
    if (isSelected) context.roundRect(rect.x, rect.y, rect.width, rect.height, CORNER);
  context.stroke();
}

function inSight(
  context: CanvasRenderingContext2D,
  notes: readonly OverviewNote[],
  { x, y, zoom }: Viewport,
  scale: number
): readonly OverviewNote[] {
  const [left, top] = [-x / zoom, -y / zoom];
  const right = left + context.canvas.width / scale;
  const bottom = top + context.canvas.height / scale;
  return notes.filter(
    ({ rect }) =>
      rect.x < right && rect.x + rect.width > left && rect.y < bottom && rect.y + rect.height > top
  );
}

/** All of one colour as one path, and no clipping: a call for each note is what costs. */
function drawCards(
  context: CanvasRenderingContext2D,
  notes: readonly OverviewNote[],
  palette: OverviewPalette,
  hairline: number
): void {
  context.lineWidth = hairline;
  context.strokeStyle = palette.line;
  for (const [color, ones] of Map.groupBy(notes, (note) => note.color)) {
    context.fillStyle = palette.paper(color);
    context.beginPath();
    for (const { rect } of ones) context.roundRect(rect.x, rect.y, rect.width, rect.height, CORNER);
    context.fill();
    context.stroke();
  }
  context.font = '600 34px "Inter Variable", system-ui, sans-serif';
  context.textBaseline = 'top';
  context.fillStyle = palette.ink;
  for (const note of notes) {
    const { rect } = note;
    if (rect.width < 60 || rect.height < 60) continue;
    context.fillText(fitted(context, note), rect.x + TITLE_EDGE, rect.y + TITLE_EDGE);
  }
}

const fittedTitles = new WeakMap<OverviewNote, string>();

/** As much of the title as there is room for. */
function fitted(context: CanvasRenderingContext2D, note: OverviewNote): string {
  let title = fittedTitles.get(note);
  if (title === undefined) {
    const room = note.rect.width - 2 * TITLE_EDGE;
    const signs = [...note.title].slice(0, MOST_SIGNS);
    title = signs.join('');
    const { width } = context.measureText(title);
    if (width > room) title = `${signs.slice(0, Math.floor((signs.length * room) / width) - 1).join('')}…`;
    fittedTitles.set(note, title);
  }
  return title;
}

/**
 * Notes too far away to be told from a mark: no corners and no borders. Colour by colour, since a change of the fill
 * costs more than a rectangle.
 */
function drawMarks(
  context: CanvasRenderingContext2D,
  notes: readonly OverviewNote[],
  palette: OverviewPalette
): void {
  for (const [color, ones] of Map.groupBy(notes, (note) => note.color)) {
    context.fillStyle = palette.far(color);
    for (const { rect } of ones) context.fillRect(rect.x, rect.y, rect.width, rect.height);
  }
}

/** Reads the theme's colours from an element. A 2D canvas knows no custom properties, so a probe resolves them. */
export function readPalette(
  element: HTMLElement,
  tintOf: (color: string | null) => { readonly paper: string; readonly mark: string }
): OverviewPalette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const resolve = (color: string) => {
    probe.style.color = color;
    return getComputedStyle(probe).color;
  };
  const remembered = (part: 'paper' | 'mark' | 'far') => {
    const known = new Map<string | null, string>();
    return (color: string | null) => {
      let resolved = known.get(color);
      if (resolved === undefined) {
        element.append(probe);
        const { paper, mark } = tintOf(color);
        resolved = resolve({ paper, mark, far: `color-mix(in oklch, ${mark} 55%, ${paper})` }[part]);
        probe.remove();
        known.set(color, resolved);
      }
      return resolved;
    };
  };
  const palette = {
    line: resolve('var(--note-line)'),
    curve: resolve('var(--line-mark)'),
    selection: resolve('var(--accent)'),
    ink: resolve('var(--ink)'),
    paper: remembered('paper'),
    mark: remembered('mark'),
    far: remembered('far')
  };
  probe.remove();
  return palette;
}
