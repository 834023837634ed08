import { describe, expect, it } from 'vitest';
import { UndoStack } from './undo';

function moves() {
  let place = 0;
  const stack = new UndoStack();
  const go = (to: number) => {
    const from = place;
    place = to;
    stack.push({ undo: () => (place = from), redo: () => (place = to) });
  };
  return { stack, go, place: () => place };
}

describe('UndoStack', () => {
  it('takes back and does again, in order', () => {
    const { stack, go, place } = moves();
    go(1);
    go(2);
    stack.undo();
    expect(place()).toBe(1);
    stack.undo();
    expect(place()).toBe(0);
    expect(stack.undo()).toBe(false);
    stack.redo();
    stack.redo();
    expect(place()).toBe(2);
    expect(stack.redo()).toBe(false);
  });

  it('forgets the undone when something new is done', () => {
    const { stack, go, place } = moves();
    go(1);
    stack.undo();
    go(5);
    expect(stack.redo()).toBe(false);
    expect(place()).toBe(5);
  });
});
