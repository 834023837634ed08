import { describe, expect, it, vi } from 'vitest';
import type { NoteConnection } from '#lib/collab/types';
import type { Board } from './board.svelte';
import { BoardLinks, type LineChanges, type LinkCalls } from './links';
import { UndoStack } from './undo';

const LINE: NoteConnection = { id: 'line', fromNoteId: 'a', toNoteId: 'b', label: '', style: 'solid' };

/** A server that answers when it is let, and tells what changed when it is let. */
class Server {
  readonly connections = new Map([[LINE.id, LINE]]);
  readonly taken: LineChanges[] = [];
  #known = LINE;
  #asked: { body: LineChanges; answer: (error?: Error) => void }[] = [];

  updateConnection(_id: string, body: LineChanges): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ body, answer: (error) => (error ? reject(error) : resolve()) });
    });
  }

  get waiting(): number {
    return this.#asked.length;
  }

  async answer(error?: Error): Promise<void> {
    await vi.waitUntil(() => this.waiting, { interval: 1 });
    const { body, answer } = this.#asked.shift()!;
    if (!error) {
      this.taken.push(body);
      this.#known = { ...this.#known, ...body };
    }
    answer(error);
  }

  /** The change comes in the stream. */
  tell(): void {
    this.connections.set(LINE.id, this.#known);
  }
}

function setUp() {
  const server = new Server();
  const history = new UndoStack();
  const failures: unknown[] = [];
  const board = { session: server } as unknown as Board;
  const links = new BoardLinks(board, history, server as unknown as LinkCalls, (error) =>
    failures.push(error)
  );
  return { server, history, links, failures };
}

describe('changes of a line', () => {
  it.each(['told at once', 'told at the end', 'told never'])(
    'are taken back one by one, %s',
    async (when) => {
      const { server, history, links } = setUp();
      const wanted = ['one', 'two', 'three'].map((label) => ({ label }));
      for (const body of [...wanted, { style: 'dashed' }]) void links.update(LINE, body);
      for (let n = 0; n < 4; n++) {
        await server.answer();
        if (when === 'told at once') server.tell();
      }
      if (when === 'told at the end') server.tell();
      for (let n = 0; n < 4; n++) history.undo();
      for (let n = 0; n < 4; n++) await server.answer();
      expect(server.taken.slice(4)).toEqual([
        { style: 'solid' },
        { label: 'two' },
        { label: 'one' },
        { label: '' }
      ]);
    }
  );

  it('go to the server one after another, as they were made', async () => {
    const { server, links } = setUp();
    void links.update(LINE, { label: 'one' });
    const second = links.update(LINE, { label: 'two' });
    await vi.waitUntil(() => server.waiting, { interval: 1 });
    expect(server.waiting).toBe(1);
    await server.answer();
    await server.answer();
    await second;
    expect(server.taken).toEqual([{ label: 'one' }, { label: 'two' }]);
  });

  it('that were refused are said, and leave nothing to take back', async () => {
    const { server, history, links, failures } = setUp();
    const refused = links.update(LINE, { label: 'one' });
    await server.answer(new Error('no'));
    await refused;
    history.undo();
    const next = links.update(LINE, { label: 'two' });
    await server.answer();
    await next;
    expect(failures).toHaveLength(1);
    expect(server.taken).toEqual([{ label: 'two' }]);
  });
});
