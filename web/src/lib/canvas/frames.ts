/** Collections as the canvas shows them: a frame around their notes, and around the frames of those inside them. */
import type { Collection, NoteMeta } from '#lib/collab/types';
import { contains, grow, type Point, type Rect, union } from './geometry';

export interface Frame {
  readonly id: string;
  readonly name: string;
  readonly color: string | null;
  readonly rect: Rect;
  readonly noteIds: readonly string[];
}

const PADDING = 20;
/** Room for the name above the notes. */
const HEAD = 28;

/** The frames of all collections that hold anything, outer ones first. `rectOf` tells where a note is now. */
export function framesOf(
  collections: ReadonlyMap<string, Collection>,
  notes: Iterable<NoteMeta>,
  rectOf: (note: NoteMeta) => Rect
): Frame[] {
  const members = new Map<string, NoteMeta[]>();
  for (const note of notes) {
    if (!note.collectionId || !collections.has(note.collectionId)) continue;
    const list = members.get(note.collectionId);
    if (list) list.push(note);
    else members.set(note.collectionId, [note]);
  }
  const children = Map.groupBy(collections.values(), (collection) => collection.parentId);
  const frames: Frame[] = [];
  const measure = (collection: Collection): Frame | null => {
    const own = members.get(collection.id) ?? [];
    const at = frames.length;
    const inner = (children.get(collection.id) ?? [])
      .map((child) => measure(child))
      .filter((frame): frame is Frame => frame !== null);
    const around = union([...own.map(rectOf), ...inner.map((frame) => frame.rect)]);
    if (!around) return null;
    const padded = grow(around, PADDING);
    const frame = {
      id: collection.id,
      name: collection.name,
      color: (collection['color'] as string | null | undefined) ?? null,
      rect: { ...padded, y: padded.y - HEAD, height: padded.height + HEAD },
      noteIds: [...own.map((note) => note.id), ...inner.flatMap((one) => one.noteIds)]
    };
    frames.splice(at, 0, frame);
    return frame;
  };
  const isRoot = ({ parentId }: Collection) => parentId === null || !collections.has(parentId);
  for (const collection of collections.values()) if (isRoot(collection)) measure(collection);
  return frames;
}

/** The innermost frame at a point. */
export function frameAt(frames: readonly Frame[], { x, y }: Point): Frame | null {
  return frames.findLast((frame) => contains(frame.rect, { x, y, width: 0, height: 0 })) ?? null;
}
