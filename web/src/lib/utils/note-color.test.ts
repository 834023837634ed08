import { describe, expect, it } from 'vitest';
import { NOTE_COLORS, noteTint } from './note-color';

describe('noteTint', () => {
  it('knows its own colours in any case', () => {
    for (const color of NOTE_COLORS)
      expect(noteTint(color.value.toUpperCase()).paper).toBe(`var(--note-${color.name})`);
  });

  it('mixes a foreign colour softly and paints nothing else', () => {
    expect(noteTint('#123456').paper).toContain('#123456 16%');
    for (const bad of [null, '', 'red', '#12', 'url(x)', '#123456;x'])
      expect(noteTint(bad).paper).toBe('var(--note-plain)');
  });
});
