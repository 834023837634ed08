import { describe, expect, it } from 'vitest';
import { MENTION, mentionOf, noteByTitle, wikiLinks } from './references';

describe('references', () => {
  it('finds links once each, and none in what only looks like one', () => {
    expect(wikiLinks('[[A]] and [[ B ]], [[A]] but not [[]] nor [[x\ny]] nor [C](d)')).toEqual(['A', 'B']);
  });

  it('finds the note of a title, whatever its case, the newest of several', () => {
    const notes = [
      { title: 'Spring', updatedAt: '2026-01-01' },
      { title: 'spring ', updatedAt: '2026-02-01' },
      { title: 'Sprung', updatedAt: '2026-03-01' }
    ];
    expect(noteByTitle(notes, 'SPRING')).toBe(notes[1]);
    expect(noteByTitle(notes, 'Summer')).toBeNull();
  });

  it('writes mentions that can be read again, whatever the name', () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    for (const name of ['Ada', 'A [b] c', 'x'.repeat(300)]) {
      const [match] = [...mentionOf(name, id).matchAll(MENTION)];
      expect(match?.[2]).toBe(id);
    }
  });
});
