import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { NoteMeta, Presence } from '#lib/collab/types';
import type { CanvasSession } from './canvas-session';
import { contains, grow, type Point, type Rect, rectOf, type Size, union } from './geometry';
import { framesOf } from './frames';
import { NoteIndex } from './note-index';
import { type Direction, neighbour, type Placed, readingOrder } from './reading-order';
import * as view from './viewport';

export type Tool = 'select' | 'hand';

/** With more notes than this in sight, elements would cost frames: the overview draws them instead. */
const MOST_ELEMENTS = 160;
const STEPS_MS = 170;
/** Between two steps of a wheel that belong to one motion. */
const REST_MS = 200;
const READABLE_ZOOM = 0.5;
const ARRIVAL_ZOOM = 0.85;
const ARRIVAL_EDGE_PX = 24;

/** What the canvas shows: the viewport, the notes in it, what is selected and what is being dragged. Changes nothing shared. */
export class Board {
  viewport = $state.raw<view.Viewport>(view.ORIGIN);
  size = $state.raw<Size>({ width: 0, height: 0 });
  /** What the view does now, or did a moment ago. */
  motion = $state<'rest' | 'pan' | 'zoom'>('rest');
  tool = $state<Tool>('select');
  selected = new SvelteSet<string>();
  /** The note that holds the focus, or would get it with Tab. */
  activeId = $state<string | null>(null);
  renamingId = $state<string | null>(null);
  /** Where notes are while a drag is on; nobody else knows of it yet. */
  drafts = new SvelteMap<string, Rect>();
  /** The line between notes that is selected. */
  lineId = $state<string | null>(null);
  /** The collection whose frame is selected. */
  frameId = $state<string | null>(null);
  /** A line that is being drawn: from a note to wherever the pointer is. */
  drawing = $state.raw<{ readonly fromId: string; readonly to: Point } | null>(null);
  /** Whether dragged notes keep to the grid. */
  isSnapping = $state(false);
  marquee = $state.raw<Rect | null>(null);
  /** Where the pointer is in the window, while it is over the canvas. */
  pointerAt = $state.raw<Point | null>(null);
  /** The same place of the world, also after the view moved under it. */
  pointer = $derived(this.pointerAt && view.toWorld(this.viewport, this.pointerAt));
  /** What is kept as elements: the window and some around it, so that a small pan builds nothing. */
  #kept = $state.raw<Rect>({ x: 0, y: 0, width: 0, height: 0 });
  #index = new NoteIndex();
  #animation = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Where a motion that is under way will end: a second step goes on from there. */
  #goal: view.Viewport | null = null;
  readonly session: CanvasSession;

  constructor(session: CanvasSession) {
    this.session = session;
  }

  #grid = $derived.by(() => {
    this.#index.sync(this.session.notes);
    return { index: this.#index };
  });

  #inSight = $derived(this.#grid.index.grid.query(this.#kept));
  isOverview = $derived(this.viewport.zoom < view.OVERVIEW_ZOOM || this.#inSight.size > MOST_ELEMENTS);

  /** The notes to draw. The focused one stays, wherever it is: losing its element would lose the focus. */
  visible = $derived.by(() => {
    const ids = new Set(this.#inSight);
    for (const id of this.drafts.keys()) ids.add(id);
    if (this.activeId) ids.add(this.activeId);
    const notes = [...ids].map((id) => this.session.notes.get(id)).filter((note) => note !== undefined);
    // Thousands that are drawn at once need no order among them, and sorting them costs a frame.
    if (this.isOverview) return notes;
    // Always the same order: an element that changed its place in the page would lose the focus.
    return notes.sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
  });

  /** Who has which note open, ourselves left out. */
  editors = $derived.by(() => {
    const others = [...this.session.presence.values()].filter(
      (one) => one.clientId !== this.session.clientId
    );
    return Map.groupBy(
      others.filter((one) => one.noteId),
      (one: Presence) => one.noteId as string
    );
  });

  /** Collections as frames around their notes, outer ones first. */
  frames = $derived.by(() =>
    this.session.collections.size
      ? framesOf(this.session.collections, this.session.notes.values(), (note) => this.rect(note))
      : []
  );

  /** All notes where they are, for who draws them at once. */
  placed = $derived([...this.#placed()]);

  order = $derived(readingOrder(this.#placed(), document.documentElement.dir === 'rtl'));

  rect(note: NoteMeta): Rect {
    return this.drafts.get(note.id) ?? rectOf(note.position, note.size);
  }

  /** The note under a point of the world; of several the one selected, else the last drawn. */
  noteAt(world: Point): string | null {
    const ids = [...this.#grid.index.grid.query({ ...world, width: 0.01, height: 0.01 })];
    return ids.find((id) => this.selected.has(id)) ?? ids.at(-1) ?? null;
  }

  notesIn(world: Rect): Set<string> {
    return this.#grid.index.grid.query(world);
  }

  selectedNotes(): NoteMeta[] {
    return [...this.selected]
      .map((id) => this.session.notes.get(id))
      .filter((note): note is NoteMeta => note !== undefined);
  }

  select(ids: Iterable<string>): void {
    this.selected.clear();
    for (const id of ids) this.selected.add(id);
  }

  /** What is drawn: the window and some around it. */
  get kept(): Rect {
    return this.#kept;
  }

  /** The part of the world that the window shows. */
  get shown(): Rect {
    return view.visibleRect(this.viewport, this.size);
  }

  selectFrame(id: string): void {
    const frame = this.frames.find((one) => one.id === id);
    this.lineId = null;
    this.select(frame?.noteIds ?? []);
    this.frameId = id;
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  setSize(size: Size): void {
    this.size = size;
    const active = this.activeId ? this.#index.rect(this.activeId) : undefined;
    // What one works on stays in sight when a panel takes its room.
    this.setViewport(active ? view.reveal(this.viewport, active, size) : this.viewport);
  }

  setViewport(viewport: view.Viewport): void {
    this.motion = viewport.zoom === this.viewport.zoom ? 'pan' : 'zoom';
    this.viewport = viewport;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => (this.motion = 'rest'), REST_MS);
    const shown = view.visibleRect(viewport, this.size);
    const isLoose = this.#kept.width > 4 * shown.width;
    if (isLoose || !contains(this.#kept, shown))
      this.#kept = grow(shown, Math.max(shown.width, shown.height) * 0.3);
  }

  /** Goes to a viewport in a short motion, or at once where motion is not wanted. */
  glideTo(target: view.Viewport): void {
    cancelAnimationFrame(this.#animation);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return this.setViewport(target);
    this.#goal = target;
    const from = this.viewport;
    let start: number | null = null;
    const frame = (now: number) => {
      start ??= now;
      const part = Math.min(1, (now - start) / STEPS_MS);
      this.setViewport(view.between(from, target, 1 - (1 - part) ** 3));
      if (part < 1) this.#animation = requestAnimationFrame(frame);
      else this.#goal = null;
    };
    this.#animation = requestAnimationFrame(frame);
  }

  /** Stops a motion, because the person took over or the canvas closes. */
  halt(): void {
    cancelAnimationFrame(this.#animation);
    this.#goal = null;
  }

  zoomBy(factor: number): void {
    const from = this.#goal ?? this.viewport;
    this.glideTo(view.zoomTo(from, this.#middle(), from.zoom * factor));
  }

  zoomToActualSize(): void {
    this.glideTo(view.zoomTo(this.viewport, this.#middle(), 1));
  }

  /** Shows these notes, or all; an empty canvas goes back to its origin. */
  fit(ids: Iterable<string> | null = null, isAnimated = true): void {
    const rects = ids
      ? [...ids].map((id) => this.#index.rect(id))
      : [...this.#grid.index.grid.entries()].map(([, rect]) => rect);
    const around = union(rects.filter((rect): rect is Rect => rect !== undefined));
    const target = around ? view.fit(around, this.size) : view.centerOn({ x: 0, y: 0 }, this.size, 1);
    if (isAnimated) this.glideTo(target);
    else this.setViewport(target);
  }

  /** The first view of a workspace: all of it where that is readable, else the beginning at a size to read. */
  arrive(): void {
    this.fit(null, false);
    const first = this.order[0] && this.#index.rect(this.order[0]);
    if (!first || this.viewport.zoom >= READABLE_ZOOM) return;
    const room = Math.min(ARRIVAL_ZOOM, (this.size.width - 2 * ARRIVAL_EDGE_PX) / first.width);
    const at = view.toScreen({ x: 0, y: 0, zoom: room }, first);
    this.setViewport({ x: ARRIVAL_EDGE_PX - at.x, y: 2 * ARRIVAL_EDGE_PX - at.y, zoom: room });
  }

  /** Gives a note the focus and brings it into the window. */
  focus(id: string): void {
    this.activeId = id;
    const rect = this.#grid.index.rect(id);
    if (!rect) return;
    const target = view.reveal(this.viewport, rect, this.size);
    if (target !== this.viewport) this.glideTo(target);
  }

  /** The note before or after in reading order; null at the ends. */
  nextInOrder(step: 1 | -1): string | null {
    const index = this.activeId ? this.order.indexOf(this.activeId) : -1;
    if (index < 0) return this.order.at(step > 0 ? 0 : -1) ?? null;
    return this.order[index + step] ?? null;
  }

  nextTowards(direction: Direction): string | null {
    const rect = this.activeId ? this.#grid.index.rect(this.activeId) : undefined;
    return rect ? neighbour(this.#placed(), rect, direction) : this.nextInOrder(1);
  }

  /** Where a new note goes without a pointer: the middle of the window. */
  centre(): Point {
    return view.toWorld(this.viewport, this.#middle());
  }

  #middle(): Point {
    return { x: this.size.width / 2, y: this.size.height / 2 };
  }

  *#placed(): Generator<Placed> {
    for (const [id, rect] of this.#grid.index.grid.entries()) yield { id, rect };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
