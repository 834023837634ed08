import { describe, expect, it } from 'vitest';
import { chordOf, keyCaps, type KeyPress } from './chord';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held
});

describe('chordOf', () => {
  it.each([
    [press('k', 'KeyK', { ctrlKey: true }), 'mod+k'],
    [press('k', 'KeyK', { metaKey: true }), 'mod+k'],
    [press('Z', 'KeyZ', { ctrlKey: true, shiftKey: true }), 'mod+shift+z'],
    [press('?', 'Slash', { shiftKey: true }), '?'],
    [press('+', 'Equal', { shiftKey: true }), '+'],
    // On a German keyboard Shift+1 writes "!" too.
    [press('!', 'Digit1', { shiftKey: true }), 'shift+1'],
    [press('ArrowLeft', 'ArrowLeft', { altKey: true, shiftKey: true }), 'alt+shift+left'],
    [press('Tab', 'Tab', { shiftKey: true }), 'shift+tab'],
    [press(' ', 'Space'), 'space']
  ])('names %o', (event, chord) => {
    expect(chordOf(event)).toBe(chord);
  });
});

describe('keyCaps', () => {
  it('shows the keys of the machine at hand', () => {
    expect(keyCaps('mod+shift+l', false)).toEqual(['Ctrl', 'Shift', 'L']);
    expect(keyCaps('mod+shift+l', true)).toEqual(['⌘', '⇧', 'L']);
    expect(keyCaps('g w', false)).toEqual(['G', 'W']);
    expect(keyCaps('+', false)).toEqual(['+']);
  });
});
