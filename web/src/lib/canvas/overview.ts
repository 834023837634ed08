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
  readonly line: string;
  readonly selection: string;
  readonly ink: string;
}

const TITLE_ZOOM = 0.12;

/** Draws notes as plain cards: thousands of elements would cost a frame each, a canvas draws them in one. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  notes: Iterable<OverviewNote>,
  viewport: Viewport,
  palette: OverviewPalette,
  pixelRatio: number
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const scale = viewport.zoom * pixelRatio;
  context.setTransform(scale, 0, 0, scale, viewport.x * pixelRatio, viewport.y * pixelRatio);
  const hairline = 1 / viewport.zoom;
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
  paperOf: (color: string | null) => string
): OverviewPalette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const resolve = (color: string) => {
    probe.style.color = color;
    return getComputedStyle(probe).color;
  };
  const papers = new Map<string | null, string>();
  const palette = {
    line: resolve('var(--note-line)'),
    selection: resolve('var(--accent)'),
    ink: resolve('var(--ink)'),
    paper: (color: string | null) => {
      const known = papers.get(color);
      if (known) return known;
      element.append(probe);
      const paper = resolve(paperOf(color));
      probe.remove();
      papers.set(color, paper);
      return paper;
    }
  };
  probe.remove();
  return palette;
}
