import { beforeEach, describe, expect, it } from 'vitest';
import { BoardEdits } from './board-edits';
import { Board } from './board.svelte';
import { Gestures, type Hit } from './gestures';
import { LocalSession, note } from './testing/local-session';

let session: LocalSession;
let board: Board;
let edits: BoardEdits;
let gestures: Gestures;
let canEdit: boolean;
let drawn: [string, string][];

beforeEach(() => {
  session = new LocalSession([note('a', 0, 0), note('b', 300, 0), note('c', 0, 300)]);
  board = new Board(session);
  board.setSize({ width: 1000, height: 800 });
  edits = new BoardEdits(board);
  canEdit = true;
  drawn = [];
  gestures = new Gestures(board, edits, {
    canEdit: () => canEdit,
    connect: (from, to) => drawn.push([from, to])
  });
});

const pointer = (more: Partial<PointerEvent> = {}) =>
  ({
    button: 0,
    shiftKey: false,
    pointerType: 'mouse',
    pointerId: 1,
    timeStamp: 1_000,
    ...more
  }) as PointerEvent;
const on = (noteId: string | null, part: Hit['part'] = 'body'): Hit => ({ noteId, part });
const place = (id: string) => session.notes.get(id)!.position;

function drag(
  noteId: string | null,
  from: [number, number],
  to: [number, number],
  more: Partial<PointerEvent> = {},
  part: Hit['part'] = 'body'
) {
  gestures.down(pointer(more), { x: from[0], y: from[1] }, on(noteId, part));
  gestures.move(pointer({ ...more, timeStamp: 2_000 }), { x: to[0], y: to[1] });
  gestures.up(pointer(more));
}

describe('lines and frames', () => {
  it('draws a line from the port of a note to the note it is let go on, and none to nowhere', () => {
    drag('a', [200, 50], [400, 50], {}, 'port');
    expect(drawn).toEqual([['a', 'b']]);
    drag('a', [200, 50], [900, 700], {}, 'port');
    drag('a', [200, 50], [100, 50], {}, 'port');
    expect(drawn).toHaveLength(1);
    expect(board.drawing).toBeNull();
    expect(place('a')).toEqual({ x: 0, y: 0 });
  });

  it('draws none for those who may not write', () => {
    canEdit = false;
    drag('a', [200, 50], [400, 50], {}, 'port');
    expect(drawn).toEqual([]);
  });

  it('selects what a frame holds, so that it moves as one', () => {
    session.collections.set('k', { id: 'k', name: 'K', parentId: null });
    for (const id of ['a', 'c']) session.updateNote(id, { collectionId: 'k' });
    board.selectFrame('k');
    expect([...board.selected].sort()).toEqual(['a', 'c']);
    drag('a', [10, 10], [60, 10]);
    expect([place('a').x, place('b').x, place('c').x]).toEqual([50, 300, 50]);
  });

  it('keeps dragged corners on the grid, and off it while Ctrl is held', () => {
    board.isSnapping = true;
    drag('a', [10, 10], [27, 31]);
    expect(place('a')).toEqual({ x: 12, y: 24 });
    drag('a', [20, 30], [25, 30], { ctrlKey: true });
    expect(place('a')).toEqual({ x: 17, y: 24 });
  });
});

describe('selecting', () => {
  it('takes a click for one note and Shift for one more or less', () => {
    drag('a', [10, 10], [10, 10]);
    expect([...board.selected]).toEqual(['a']);
    drag('b', [310, 10], [310, 10], { shiftKey: true });
    expect([...board.selected].sort()).toEqual(['a', 'b']);
    drag('a', [10, 10], [10, 10], { shiftKey: true });
    expect([...board.selected]).toEqual(['b']);
  });

  it('selects what the rubber band touches and lets go on a click beside', () => {
    drag(null, [-20, -20], [310, 50]);
    expect([...board.selected].sort()).toEqual(['a', 'b']);
    expect(board.marquee).toBeNull();
    drag(null, [700, 700], [700, 700]);
    expect(board.selected.size).toBe(0);
  });

  it('finds notes in a zoomed and shifted window where they are seen', () => {
    board.setViewport({ x: 100, y: 50, zoom: 0.5 });
    drag(null, [90, 40], [205, 105]);
    expect([...board.selected]).toEqual(['a']);
  });
});

describe('moving', () => {
  it('moves all selected notes together, by the way of the pointer in the world', () => {
    board.setViewport({ x: 0, y: 0, zoom: 0.5 });
    board.select(['a', 'b']);
    drag('a', [10, 10], [60, 30]);
    expect(place('a')).toEqual({ x: 100, y: 40 });
    expect(place('b')).toEqual({ x: 400, y: 40 });
    expect(place('c')).toEqual({ x: 0, y: 300 });
    expect([...board.selected].sort()).toEqual(['a', 'b']);
  });

  it('takes a move back and does it again', () => {
    drag('a', [10, 10], [110, 60]);
    edits.history.undo();
    expect(place('a')).toEqual({ x: 0, y: 0 });
    edits.history.redo();
    expect(place('a')).toEqual({ x: 100, y: 50 });
  });

  it('leaves a note alone that somebody else moved since', () => {
    drag('a', [10, 10], [110, 60]);
    session.updateNote('a', { position: { x: 999, y: 999 } });
    edits.history.undo();
    expect(place('a')).toEqual({ x: 999, y: 999 });
  });

  it('is a click while the pointer hardly moved', () => {
    drag('a', [10, 10], [12, 11]);
    expect(session.updates).toBe(0);
    expect(edits.history.undo()).toBe(false);
  });

  it('puts everything back when it is abandoned', () => {
    gestures.down(pointer(), { x: 10, y: 10 }, on('a'));
    gestures.move(pointer({ timeStamp: 2_000 }), { x: 200, y: 200 });
    expect(place('a')).not.toEqual({ x: 0, y: 0 });
    expect(gestures.cancel()).toBe(true);
    expect(place('a')).toEqual({ x: 0, y: 0 });
    expect(board.drafts.size).toBe(0);
  });

  it('tells the others of a large drag only at its end', () => {
    for (let index = 0; index < 10; index++)
      session.notes.set(`many${index}`, note(`many${index}`, index * 10, 600));
    board.select(session.notes.keys());
    gestures.down(pointer(), { x: 10, y: 10 }, on('a'));
    gestures.move(pointer({ timeStamp: 2_000 }), { x: 60, y: 60 });
    expect(session.updates).toBe(0);
    gestures.up(pointer());
    expect(session.updates).toBe(13);
  });

  it('does nothing for somebody who may only read', () => {
    canEdit = false;
    drag('a', [10, 10], [300, 300]);
    expect(session.updates).toBe(0);
    expect([...board.selected]).toEqual(['a']);
  });
});

describe('resizing', () => {
  it('changes the size alone and keeps it usable', () => {
    drag('a', [198, 98], [298, 148], {}, 'handle');
    expect(session.notes.get('a')).toMatchObject({
      position: { x: 0, y: 0 },
      size: { width: 300, height: 150 }
    });
    drag('a', [298, 148], [-900, -900], {}, 'handle');
    expect(session.notes.get('a')!.size).toEqual({ width: 140, height: 80 });
  });
});

describe('touching', () => {
  it('scrolls with a finger on a note that is not selected, and moves one that is', () => {
    const finger = { pointerType: 'touch' };
    drag('a', [10, 10], [60, 10], finger);
    expect(place('a')).toEqual({ x: 0, y: 0 });
    expect(board.viewport.x).toBe(50);
    drag('a', [60, 10], [110, 10], finger);
    expect(place('a')).toEqual({ x: 50, y: 0 });
  });

  it('zooms with two fingers and forgets the drag that the first began', () => {
    board.select(['a']);
    gestures.down(pointer({ pointerType: 'touch', pointerId: 1 }), { x: 100, y: 50 }, on('a'));
    gestures.move(pointer({ pointerType: 'touch', pointerId: 1, timeStamp: 2_000 }), { x: 110, y: 50 });
    gestures.down(pointer({ pointerType: 'touch', pointerId: 2 }), { x: 210, y: 50 }, on(null));
    gestures.move(pointer({ pointerType: 'touch', pointerId: 2 }), { x: 310, y: 50 });
    expect(board.viewport.zoom).toBeCloseTo(2);
    expect(place('a')).toEqual({ x: 0, y: 0 });
  });
});

describe('the keyboard', () => {
  it('goes through the notes in reading order and stops at the ends', () => {
    board.activeId = 'a';
    expect(board.nextInOrder(1)).toBe('b');
    expect(board.nextInOrder(-1)).toBeNull();
    board.activeId = 'c';
    expect(board.nextInOrder(1)).toBeNull();
    expect(board.nextTowards('up')).toBe('a');
  });

  it('colours, removes and brings back', () => {
    edits.color([session.notes.get('a')!, session.notes.get('b')!], '#fde68a');
    expect(session.notes.get('b')!.color).toBe('#fde68a');
    edits.remove([session.notes.get('b')!]);
    expect(session.notes.has('b')).toBe(false);
    edits.history.undo();
    expect(session.notes.get('b')!.color).toBe('#fde68a');
    edits.history.undo();
    expect(session.notes.get('a')!.color).toBeNull();
  });

  it('makes a note around a point and begins to name it', async () => {
    const made = await edits.create({ x: 500, y: 400 }, '');
    expect(session.notes.get(made.id)!.position).toEqual({ x: 370, y: 310 });
    expect(board.renamingId).toBe(made.id);
    edits.history.undo();
    expect(session.notes.has(made.id)).toBe(false);
  });
});

describe('what is shown', () => {
  it('holds elements for what is near the window only, and the focused one wherever it is', () => {
    session.notes.set('far', note('far', 50_000, 50_000));
    expect(board.visible.map((one) => one.id).sort()).toEqual(['a', 'b', 'c']);
    board.activeId = 'far';
    expect(board.visible.map((one) => one.id)).toContain('far');
  });

  it('keeps its order when a note moves', () => {
    const before = board.visible.map((one) => one.id);
    session.updateNote('a', { position: { x: 420, y: 300 } });
    expect(board.visible.map((one) => one.id)).toEqual(before);
  });

  it('draws the overview when zoomed far out or when too many are in sight', () => {
    expect(board.isOverview).toBe(false);
    board.setViewport({ x: 0, y: 0, zoom: 0.2 });
    expect(board.isOverview).toBe(true);
    board.setViewport({ x: 0, y: 0, zoom: 1 });
    for (let index = 0; index < 400; index++) session.notes.set(`n${index}`, note(`n${index}`, index, index));
    expect(board.isOverview).toBe(true);
  });

  it('arrives with all of a small workspace, and at a readable size in a large one', () => {
    board.arrive();
    expect(board.viewport.zoom).toBe(1);
    session.notes.set('far', note('far', 50_000, 50_000));
    board.arrive();
    expect(board.viewport.zoom).toBeGreaterThanOrEqual(0.5);
    expect(board.visible.map((one) => one.id)).toContain('a');
  });
});
