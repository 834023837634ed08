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
  context.font = '600 34px "Inter Variable", system-ui, sans-serif';
  context.textBaseline = 'top';
  for (const { rect, title, color, isSelected } of notes) {
    context.beginPath();
    context.roundRect(rect.x, rect.y, rect.width, rect.height, 12);
    context.fillStyle = palette.paper(color);
    context.fill();
    context.lineWidth = isSelected ? 2 * hairline : hairline;
    context.strokeStyle = isSelected ? palette.selection : palette.line;
    context.stroke();
    if (viewport.zoom < TITLE_ZOOM || rect.width < 60) continue;
    context.fillStyle = palette.ink;
    context.save();
    context.clip();
    context.fillText(title, rect.x + 18, rect.y + 18);
    context.restore();
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
  const remembered = (part: 'paper' | 'mark') => {
    const known = new Map<string | null, string>();
    return (color: string | null) => {
      let resolved = known.get(color);
      if (resolved === undefined) {
        element.append(probe);
        resolved = resolve(tintOf(color)[part]);
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
    mark: remembered('mark')
  };
  probe.remove();
  return palette;
}
