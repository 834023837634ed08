import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { collaboration } from './cm-bridge';
import { NoteSession } from './note-session.svelte';
import { NoteReplica } from './session';
import { ModelServer } from './testing/model-server';

/** One person's editor on a server of one note, whose line carries what it is told to. */
class Desk {
  readonly note: NoteSession;
  readonly view: EditorView;
  #numbers = 0;
  #seen: number;

  constructor(
    readonly id: string,
    readonly server: ModelServer
  ) {
    const nothing = () => undefined;
    const host = {
      noteTyped: nothing,
      noteMerged: nothing,
      noteSelected: nothing,
      noteReleased: nothing
    };
    this.note = new NoteSession('n1', host, new NoteReplica());
    this.note.load(server.content, server.seq);
    this.#seen = server.seq;
    const keys = keymap.of([...defaultKeymap, ...historyKeymap]);
    const extensions = [collaboration(this.note), history({ newGroupDelay: 0 }), keys];
    this.view = new EditorView({
      parent: document.body.appendChild(document.createElement('div')),
      state: EditorState.create({ doc: this.note.doc, extensions })
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  send(): void {
    const frozen = this.note.replica.freeze(this.id, ++this.#numbers);
    if (frozen) this.server.submit(frozen);
    else this.#numbers--;
  }

  take(): void {
    for (const edit of this.server.editsAfter(this.#seen, this.id, false)) {
      this.#seen = edit.seq;
      this.note.receive(edit);
    }
  }

  async type(at: number, keys: string): Promise<void> {
    this.view.focus();
    this.view.dispatch({ selection: { anchor: at } });
    await userEvent.keyboard(keys);
  }
}

let server: ModelServer;
let ada: Desk;
let ben: Desk;

const settle = () => {
  for (let round = 0; round < 4; round++)
    for (const desk of [ada, ben]) {
      desk.send();
      desk.take();
    }
};

beforeEach(() => {
  server = new ModelServer('Seeds 🌱\nBeds');
  [ada, ben] = [new Desk('ada', server), new Desk('ben', server)];
});

afterEach(() => {
  for (const { view } of [ada, ben]) {
    view.destroy();
    view.dom.parentElement?.remove();
  }
});

describe('two real editors on one note', () => {
  it('end with the same text, whatever keys were pressed meanwhile', async () => {
    await ada.type(13, ' dug{Enter}{Backspace} over');
    await ben.type(0, '# ');
    ada.send();
    await ada.type(0, 'Our ');
    settle();
    expect(ada.text).toBe('# Our Seeds 🌱\nBeds dug over');
    expect(ben.text).toBe(ada.text);
    expect(server.content).toBe(ada.text);
  });

  it('delete an emoji as one character, from either side, also both at once', async () => {
    await ada.type(8, '{Backspace}');
    await ben.type(6, '{Delete}');
    settle();
    expect([ada.text, ben.text, server.content]).toEqual(Array(3).fill('Seeds \nBeds'));
  });

  it('keep the caret with its word while the other writes before it', async () => {
    await ada.type(13, '!');
    await ben.type(0, 'All: ');
    settle();
    await userEvent.keyboard('x');
    expect(ben.text).toBe('All: xSeeds 🌱\nBeds!');
    ada.view.focus();
    await userEvent.keyboard('?');
    settle();
    expect(ada.text).toBe('All: xSeeds 🌱\nBeds!?');
    expect(ben.text).toBe(ada.text);
  });

  it('undo what was typed there, and nothing of the other', async () => {
    await ada.type(13, 'AA');
    settle();
    await ben.type(0, 'B');
    settle();
    ada.view.focus();
    await userEvent.keyboard('{Control>}zz{/Control}');
    settle();
    expect(server.content).toBe('BSeeds 🌱\nBeds');
    await userEvent.keyboard('{Control>}y{/Control}');
    settle();
    expect(ben.text).toBe('BSeeds 🌱\nBedsA');
  });
});
