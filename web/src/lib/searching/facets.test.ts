import { describe, expect, it } from 'vitest';
import { countsOf } from './facets';

describe('facets', () => {
  it('adds up by kind, by workspace, and in all', () => {
    const { byKind, byWorkspace } = countsOf([
      { type: 'note', workspaceId: 'a', authorId: 'x', count: 3 },
      { type: 'note', workspaceId: 'b', authorId: 'x', count: 1 },
      { type: 'chat', workspaceId: 'a', authorId: 'y', count: 2 }
    ]);
    expect(Object.fromEntries(byKind)).toEqual({ notes: 4, chat: 2, all: 6 });
    expect(Object.fromEntries(byWorkspace)).toEqual({ a: 5, b: 1 });
  });
});
