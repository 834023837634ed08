import { describe, expect, it } from 'vitest';
import type { NoteMeta } from '#lib/collab/types';
import { NoteIndex } from './note-index';

const note = (id: string, x: number): NoteMeta => ({
  id,
  workspaceId: 'w',
  title: id,
  excerpt: '',
  authorId: 'u',
  collectionId: null,
  position: { x, y: 0 },
  size: { width: 100, height: 100 },
  color: null,
  tags: [],
  seq: 1,
  createdAt: '',
  updatedAt: ''
});
const region = { x: 0, y: 0, width: 500, height: 500 };

describe('NoteIndex', () => {
  it('follows what comes, moves and goes', () => {
    const index = new NoteIndex();
    const notes = new Map([
      ['a', note('a', 0)],
      ['b', note('b', 5000)]
    ]);
    index.sync(notes);
    expect([...index.grid.query(region)]).toEqual(['a']);
    notes.set('b', note('b', 10));
    index.sync(notes);
    expect([...index.grid.query(region)].sort()).toEqual(['a', 'b']);
    notes.delete('a');
    index.sync(notes);
    expect([...index.grid.query(region)]).toEqual(['b']);
  });
});
