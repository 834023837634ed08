import type { Board } from './board.svelte';
import { type BoardEdits, LEAST_SIZE } from './board-edits';
import { type Point, type Rect, rectBetween } from './geometry';
import { panBy, pinch, toWorld, wheelZoom } from './viewport';

/** A press that moves less than this many pixels is a click. */
const SLOP_PX = 4;
/** How often others see a drag on its way. */
const STREAM_MS = 120;
/** With snapping on, corners keep to multiples of this; the dots of the canvas are 24 apart. */
export const GRID = 12;

type Gesture =
  | { readonly kind: 'pan' }
  | { readonly kind: 'connect'; readonly fromId: string }
  | { readonly kind: 'marquee'; readonly from: Point; readonly kept: ReadonlySet<string> }
  | {
      readonly kind: 'move' | 'resize';
      readonly from: Point;
      readonly before: ReadonlyMap<string, Rect>;
      isMoving: boolean;
      streamedAt: number;
    };

export interface GestureRights {
  readonly canEdit: () => boolean;
  /** A line was drawn from one note to another. */
  readonly connect: (fromId: string, toId: string) => void;
}

/** What is under a pointer that was pressed. */
export interface Hit {
  readonly noteId: string | null;
  readonly part: 'body' | 'handle' | 'port';
}

/** Turns pointers and wheel into changes of the board. Fed by the canvas element; holds what is going on right now. */
export class Gestures {
  isSpaceHeld = false;
  #gesture: Gesture | null = null;
  #fingers = new Map<number, Point>();
  #last: Point = { x: 0, y: 0 };
  #pressed: Point = { x: 0, y: 0 };
  /** A click on one of several selected notes selects it alone, but only when no drag came of it. */
  #selectOnUp: string | null = null;

  constructor(
    private readonly board: Board,
    private readonly edits: BoardEdits,
    private readonly rights: GestureRights
  ) {}

  get isPanning(): boolean {
    return this.#gesture?.kind === 'pan';
  }

  down(event: PointerEvent, at: Point, hit: Hit): void {
    this.board.halt();
    this.#last = this.#pressed = at;
    this.#selectOnUp = null;
    if (event.pointerType === 'touch') this.#fingers.set(event.pointerId, at);
    if (this.#fingers.size > 1) return this.#startPinch();
    this.#gesture = this.#begin(event, at, hit);
  }

  move(event: PointerEvent, at: Point): void {
    const world = toWorld(this.board.viewport, at);
    this.board.pointerAt = at;
    if (this.#fingers.has(event.pointerId)) {
      if (this.#fingers.size > 1) return this.#pinchTo(event.pointerId, at);
      this.#fingers.set(event.pointerId, at);
    }
    const gesture = this.#gesture;
    if (gesture?.kind === 'pan')
      this.board.setViewport(panBy(this.board.viewport, at.x - this.#last.x, at.y - this.#last.y));
    else if (gesture?.kind === 'marquee') this.#stretch(gesture, world);
    else if (gesture?.kind === 'connect') this.board.drawing = { fromId: gesture.fromId, to: world };
    else if (gesture) this.#drag(gesture, at, world, event);
    this.#last = at;
  }

  up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    const gesture = this.#gesture;
    this.#gesture = null;
    this.board.marquee = this.board.drawing = null;
    if (gesture?.kind === 'connect') this.#connect(gesture.fromId);
    else if (gesture && 'before' in gesture && gesture.isMoving) this.edits.drop(gesture.before);
    else if (this.#selectOnUp) this.board.select([this.#selectOnUp]);
  }

  /** Ends a drag without its effect. True when there was one. */
  cancel(): boolean {
    const gesture = this.#gesture;
    this.#gesture = null;
    this.#fingers.clear();
    this.board.marquee = this.board.drawing = null;
    if (!gesture || !('before' in gesture) || !gesture.isMoving) return false;
    this.edits.cancel(gesture.before);
    return true;
  }

  wheel(event: WheelEvent, at: Point): void {
    this.board.halt();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      this.board.setViewport(wheelZoom(this.board.viewport, at, event.deltaY * unit));
      return;
    }
    const isSideways = event.shiftKey && !event.deltaX;
    const dx = (isSideways ? event.deltaY : event.deltaX) * unit;
    const dy = (isSideways ? 0 : event.deltaY) * unit;
    this.board.setViewport(panBy(this.board.viewport, -dx, -dy));
  }

  #begin(event: PointerEvent, at: Point, hit: Hit): Gesture | null {
    const { board } = this;
    const isPan = event.button === 1 || (event.button === 0 && (this.isSpaceHeld || board.tool === 'hand'));
    if (isPan) return { kind: 'pan' };
    if (event.button !== 0) return null;
    const id = hit.noteId;
    board.lineId = board.frameId = null;
    if (!id) {
      if (!event.shiftKey) board.selected.clear();
      if (event.pointerType === 'touch') return { kind: 'pan' };
      return { kind: 'marquee', from: toWorld(board.viewport, at), kept: new Set(board.selected) };
    }
    if (hit.part === 'port' && this.rights.canEdit()) return { kind: 'connect', fromId: id };
    const wasSelected = board.selected.has(id);
    if (event.shiftKey) board.toggle(id);
    else if (!wasSelected) board.select([id]);
    else this.#selectOnUp = id;
    board.activeId = id;
    // A finger on a note that is not selected scrolls the canvas, as a finger does everywhere else.
    if (event.pointerType === 'touch' && !wasSelected) return { kind: 'pan' };
    if (!this.rights.canEdit() || !board.selected.has(id)) return null;
    const isHandle = hit.part === 'handle';
    const notes = isHandle ? board.selectedNotes().filter((note) => note.id === id) : board.selectedNotes();
    return {
      kind: isHandle ? 'resize' : 'move',
      from: toWorld(board.viewport, at),
      before: new Map(notes.map((note) => [note.id, board.rect(note)])),
      isMoving: false,
      streamedAt: 0
    };
  }

  #drag(gesture: Extract<Gesture, { before: unknown }>, at: Point, world: Point, event: PointerEvent): void {
    if (!gesture.isMoving && Math.hypot(at.x - this.#pressed.x, at.y - this.#pressed.y) < SLOP_PX) return;
    gesture.isMoving = true;
    const { dx, dy } = this.#way(gesture, world, Boolean(event.ctrlKey || event.metaKey));
    for (const [id, rect] of gesture.before) {
      this.board.drafts.set(
        id,
        gesture.kind === 'move' ? { ...rect, x: rect.x + dx, y: rect.y + dy } : resized(rect, dx, dy)
      );
    }
    if (event.timeStamp - gesture.streamedAt < STREAM_MS) return;
    gesture.streamedAt = event.timeStamp;
    this.edits.stream();
  }

  /** How far a drag goes: to the grid when snapping is on, or off it while Ctrl is held, and the other way round. */
  #way(
    gesture: Extract<Gesture, { before: unknown }>,
    world: Point,
    isTurned: boolean
  ): { dx: number; dy: number } {
    const dx = Math.round(world.x - gesture.from.x);
    const dy = Math.round(world.y - gesture.from.y);
    const [first] = gesture.before.values();
    if (this.board.isSnapping === isTurned || !first) return { dx, dy };
    const isMove = gesture.kind === 'move';
    const [x, y] = isMove ? [first.x, first.y] : [first.x + first.width, first.y + first.height];
    return { dx: snapped(x + dx) - x, dy: snapped(y + dy) - y };
  }

  #connect(fromId: string): void {
    const to = this.board.pointer && this.board.noteAt(this.board.pointer);
    if (to && to !== fromId) this.rights.connect(fromId, to);
  }

  #stretch(gesture: Extract<Gesture, { kind: 'marquee' }>, world: Point): void {
    const rect = rectBetween(gesture.from, world);
    this.board.marquee = rect;
    this.board.select(new Set([...gesture.kept, ...this.board.notesIn(rect)]));
  }

  #startPinch(): void {
    const gesture = this.#gesture;
    this.#gesture = null;
    if (gesture && 'before' in gesture && gesture.isMoving) this.edits.cancel(gesture.before);
  }

  #pinchTo(pointerId: number, at: Point): void {
    const before = [...this.#fingers.values()];
    this.#fingers.set(pointerId, at);
    const after = [...this.#fingers.values()];
    if (before[0] && before[1] && after[0] && after[1]) {
      this.board.setViewport(pinch(this.board.viewport, [before[0], before[1]], [after[0], after[1]]));
    }
  }
}

function snapped(value: number): number {
  return Math.round(value / GRID) * GRID;
}

function resized(rect: Rect, dx: number, dy: number): Rect {
  return {
    ...rect,
    width: Math.max(LEAST_SIZE.width, rect.width + dx),
    height: Math.max(LEAST_SIZE.height, rect.height + dy)
  };
}
