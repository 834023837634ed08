import { describe, expect, it } from 'vitest';
import type { Collection, NoteMeta } from '#lib/collab/types';
import { frameAt, framesOf } from './frames';
import { rectOf } from './geometry';

const note = (id: string, x: number, collectionId: string | null) =>
  ({ id, collectionId, position: { x, y: 0 }, size: { width: 100, height: 100 } }) as NoteMeta;
const collections = (...entries: [id: string, parentId: string | null][]) =>
  new Map(entries.map(([id, parentId]): [string, Collection] => [id, { id, name: id, parentId }]));
const place = (one: NoteMeta) => rectOf(one.position, one.size);

describe('framesOf', () => {
  it('goes around the notes with room for the name, and leaves out what is empty', () => {
    const frames = framesOf(
      collections(['a', null], ['b', null]),
      [note('1', 0, 'a'), note('2', 500, null)],
      place
    );
    expect(frames).toEqual([
      { id: 'a', name: 'a', color: null, noteIds: ['1'], rect: { x: -20, y: -48, width: 140, height: 168 } }
    ]);
  });

  it('holds inner frames whole, and gives outer ones first', () => {
    const frames = framesOf(
      collections(['in', 'out'], ['out', null]),
      [note('1', 0, 'in'), note('2', 300, 'out')],
      place
    );
    expect(frames.map((frame) => frame.id)).toEqual(['out', 'in']);
    expect(frames[0]!.noteIds).toEqual(['2', '1']);
    expect(frames[0]!.rect.x).toBe(-40);
    expect(frameAt(frames, { x: 50, y: 50 })?.id).toBe('in');
    expect(frameAt(frames, { x: 350, y: 50 })?.id).toBe('out');
    expect(frameAt(frames, { x: 3500, y: 50 })).toBeNull();
  });
});
