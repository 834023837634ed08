/** Undo of own moves on the canvas. Only own moves: what others moved since stays where they put it. */
import type { NoteChanges, NoteMeta, Point, Size } from './types';

export interface Placement {
  position: Point;
  size: Size;
}

export interface Move {
  noteId: string;
  from: Placement;
  to: Placement;
}

const DEPTH = 200;

export class MoveHistory {
  #undo: Move[][] = [];
  #redo: Move[][] = [];

  /** Notes that one gesture moved or resized together. */
  record(moves: Move[]): void {
    const real = moves.filter((move) => !isSamePlacement(move.from, move.to));
    if (real.length === 0) return;
    this.#undo = [...this.#undo, real].slice(-DEPTH);
    this.#redo = [];
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  undo(notes: ReadonlyMap<string, NoteMeta>): [noteId: string, set: NoteChanges][] {
    const moves = this.#undo.pop();
    if (!moves) return [];
    this.#redo.push(moves);
    return changesOf(moves, notes, 'to', 'from');
  }

  redo(notes: ReadonlyMap<string, NoteMeta>): [noteId: string, set: NoteChanges][] {
    const moves = this.#redo.pop();
    if (!moves) return [];
    this.#undo.push(moves);
    return changesOf(moves, notes, 'from', 'to');
  }
}

/** A note that somebody else has moved since the gesture is not where it left it: it stays. */
function changesOf(
  moves: Move[],
  notes: ReadonlyMap<string, NoteMeta>,
  expected: 'from' | 'to',
  wanted: 'from' | 'to'
): [string, NoteChanges][] {
  return moves
    .filter((move) => {
      const note = notes.get(move.noteId);
      return note !== undefined && isSamePlacement(note, move[expected]);
    })
    .map((move) => [move.noteId, move[wanted]]);
}

function isSamePlacement(a: Placement, b: Placement): boolean {
  return (
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.size.width === b.size.width &&
    a.size.height === b.size.height
  );
}
