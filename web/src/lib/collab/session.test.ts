// @vitest-environment node
import { history, redo, undo } from '@codemirror/commands';
import { ChangeSet, EditorState, Transaction } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { NoteReplica, OutOfStep, type CommittedEdit, type Update } from './session';
import { ModelServer } from './testing/model-server';
import { below, randomChanges, seededRandom, type Random } from './testing/random';

const SEED = Number(process.env.OT_SEED ?? 20261122);

/** Characters of a private range, each given out once. */
class Marks {
  count = 0;
  next = () => String.fromCharCode(0xe000 + this.count++);
}

/** A client on a line that delays, drops, duplicates and breaks. */
class Client {
  replica = new NoteReplica();
  editor = '';
  numbers = 0;
  isConnected = false;
  inbox: CommittedEdit[] = [];
  received = 0;
  /** Frames on their way to the server; a break may lose them after the server took them, or before. */
  outbox: string[] = [];

  constructor(
    readonly id: string,
    readonly server: ModelServer,
    readonly marks: Marks | null = null
  ) {}

  show(update: Update | null): void {
    if (!update) return;
    const doc = EditorState.create({ doc: this.editor }).doc;
    this.editor = update.changes.apply(doc).toString();
  }

  connect(): void {
    this.isConnected = true;
    const reply = this.server.open(this.replica.isLoaded ? this.replica.seq : null);
    if ('content' in reply) this.show(this.replica.load(reply.content, reply.seq));
    else reply.edits.forEach((edit) => this.show(this.replica.receive(edit)));
    this.received = reply.seq;
    this.inbox = [];
    const frozen = this.replica.inFlight;
    if (frozen) this.outbox.push(JSON.stringify(frozen));
  }

  disconnect(random: Random): void {
    while (this.outbox.length > 0 && random() < 0.5) this.server.submit(JSON.parse(this.outbox.shift()!));
    this.outbox = [];
    this.inbox = [];
    this.isConnected = false;
  }

  /** The tab is closed and opened again: only what was stored survives. */
  reload(random: Random): void {
    if (this.isConnected) this.disconnect(random);
    if (!this.replica.isLoaded || this.replica.isSettling) return;
    this.replica = NoteReplica.fromRecord(JSON.parse(JSON.stringify(this.replica.toRecord())));
    expect(this.replica.doc.toString()).toBe(this.editor);
  }

  /** Types at random, or with `marks` one character that nobody else ever types. */
  type(random: Random): void {
    const { doc } = this.replica;
    const changes = this.marks
      ? ChangeSet.of({ from: below(random, doc.length + 1), insert: this.marks.next() }, doc.length)
      : randomChanges(random, doc);
    this.replica.edit(changes);
    this.editor = this.replica.doc.toString();
    this.flush();
  }

  flush(): void {
    if (!this.isConnected || !this.replica.canFreeze) return;
    const frozen = this.replica.freeze(this.id, ++this.numbers)!;
    this.outbox.push(JSON.stringify(frozen));
  }

  deliverUp(random: Random): void {
    const frame = this.outbox.shift();
    if (!frame) return;
    if (random() < 0.1) this.outbox.unshift(frame);
    const frozen = JSON.parse(frame);
    const answer = this.server.submit(frozen);
    const isCurrent = this.replica.inFlight?.clientSeq === frozen.clientSeq;
    if ('error' in answer) {
      if (!isCurrent) return;
      expect(answer.error).toBe('BASE_TOO_OLD');
      if (this.replica.isSettling) this.show(this.replica.settle(false));
      else {
        this.replica.thaw();
        const reply = this.server.open(null) as { seq: number; content: string };
        this.received = reply.seq;
        this.inbox = [];
        this.show(this.replica.load(reply.content, reply.seq));
      }
    } else if (answer.duplicate && isCurrent && this.replica.isSettling) this.show(this.replica.settle(true));
  }

  deliverDown(random: Random): void {
    const edits = this.server.editsAfter(this.received, this.id, random() < 0.2);
    const count = random() < 0.3 ? edits.length : Math.min(edits.length, 1);
    for (const edit of edits.slice(0, count)) {
      this.received = edit.seq;
      this.show(this.replica.receive(edit));
      if (random() < 0.05) this.show(this.replica.receive(edit));
    }
  }

  step(random: Random): void {
    const chance = random();
    if (chance < 0.3 && this.replica.isLoaded) this.type(random);
    else if (!this.isConnected) {
      if (chance < 0.6) this.connect();
      else if (chance < 0.65) this.reload(random);
    } else if (chance < 0.6) this.deliverUp(random);
    else if (chance < 0.9) this.deliverDown(random);
    else if (chance < 0.95) this.disconnect(random);
    else if (chance < 0.97) this.reload(random);
    if (this.replica.isLoaded) this.flush();
  }
}

function simulate(random: Random, server: ModelServer, cuts: boolean, marks: Marks | null = null): boolean {
  const clients = Array.from({ length: 3 + below(random, 3) }, (_, i) => new Client(`c${i}`, server, marks));
  clients.forEach((client) => client.connect());
  for (let step = 0; step < 60; step++) {
    clients[below(random, clients.length)]!.step(random);
    if (cuts && random() < 0.05) server.cutLog();
  }
  for (let round = 0; round < 50; round++) {
    for (const client of clients) {
      if (!client.isConnected) client.connect();
      while (client.outbox.length > 0) client.deliverUp(() => 0.99);
      client.deliverDown(() => 0.25);
      client.flush();
    }
  }
  return clients.every(
    (client) =>
      client.replica.pendingCount === 0 &&
      client.editor === server.content &&
      client.replica.doc.toString() === server.content
  );
}

function divergedOf(sessions: number, seed: number, side: 'left' | 'right', cuts = false): number {
  const random = seededRandom(seed);
  let diverged = 0;
  for (let i = 0; i < sessions; i++) {
    try {
      if (!simulate(random, new ModelServer('Hello 😀\nworld', side), cuts)) diverged++;
    } catch (error) {
      if (!(error instanceof OutOfStep)) throw error;
      diverged++;
    }
  }
  return diverged;
}

describe(`clients on bad lines (seed ${SEED})`, () => {
  it('all end with the text of the server', () => {
    expect(divergedOf(2_000, SEED, 'right')).toBe(0);
  }, 120_000);

  it('all end with the text of the server when its log is cut under them', () => {
    expect(divergedOf(1_500, SEED + 1, 'right', true)).toBe(0);
  }, 120_000);

  it('lose nothing and repeat nothing', () => {
    const random = seededRandom(SEED + 2);
    for (let i = 0; i < 1_500; i++) {
      const [server, marks] = [new ModelServer(''), new Marks()];
      expect(simulate(random, server, i % 2 === 0, marks)).toBe(true);
      const typed = Array.from({ length: marks.count }, (_, n) => String.fromCharCode(0xe000 + n));
      expect(Array.from(server.content).sort()).toEqual(typed);
    }
  }, 120_000);

  it('would not if the server took the other side: the simulation has teeth', () => {
    expect(divergedOf(300, SEED, 'left')).toBeGreaterThan(100);
  }, 60_000);
});

const insert = (replica: NoteReplica, from: number, text: string, to = from) => {
  const changes = ChangeSet.of({ from, to, insert: text }, replica.doc.length);
  replica.edit(changes);
  return changes;
};

function loaded(content: string, seq = 10): NoteReplica {
  const replica = new NoteReplica();
  replica.load(content, seq);
  return replica;
}

describe('a note', () => {
  it('sends one edit at a time and keeps it byte-equal while it is transformed', () => {
    const replica = loaded('abc');
    insert(replica, 3, 'd');
    const frozen = replica.freeze('me', 1)!;
    const sent = JSON.stringify(frozen);
    insert(replica, 4, 'e');
    expect(replica.freeze('me', 2)).toBeNull();
    replica.receive({ seq: 11, op: ['>>'], clientId: 'you', clientSeq: 1 });
    expect(JSON.stringify(replica.inFlight)).toBe(sent);
    expect(replica.doc.toString()).toBe('>>abcde');
    expect(replica.receive({ seq: 12, op: [5, 'd'], clientId: 'me', clientSeq: 1 })).toBeNull();
    expect(replica.freeze('me', 2)).toEqual({ clientId: 'me', clientSeq: 2, baseSeq: 12, op: [6, 'e'] });
  });

  it('forgets typing that was taken back before it was sent', () => {
    const replica = loaded('abc');
    insert(replica, 3, 'd');
    insert(replica, 3, '', 4);
    expect(replica.pendingCount).toBe(0);
  });

  it('asks for the text anew when an edit comes out of order, too long, or changed', () => {
    const replica = loaded('abc');
    replica.skipTo(20);
    expect(() => replica.receive({ seq: 15, op: ['x'] })).toThrow(OutOfStep);
    expect(() => replica.receive({ seq: 21, op: [9, 'x'] })).toThrow(OutOfStep);
    insert(replica, 0, 'x');
    replica.freeze('me', 1);
    expect(() => replica.receive({ seq: 21, op: ['y'], clientId: 'me', clientSeq: 1 })).toThrow(OutOfStep);
    expect(replica.doc.toString()).toBe('xabc');
    expect(replica.pendingCount).toBe(1);
  });

  it('merges waiting words into a text whose history is gone', () => {
    const replica = loaded('one two three');
    insert(replica, 13, ' four');
    const update = replica.load('zero one two three', 99);
    expect(replica.doc.toString()).toBe('zero one two three four');
    expect(update?.overwritten).toBeUndefined();
    expect(replica.freeze('me', 1)).toEqual({ clientId: 'me', clientSeq: 1, baseSeq: 99, op: [18, ' four'] });
  });

  it('keeps both versions when both changed the same place', () => {
    const replica = loaded('the cat sat');
    insert(replica, 4, 'dog', 7);
    const update = replica.load('the cow sat', 99);
    expect(update?.overwritten).toBe('the dog sat');
    expect(replica.doc.toString()).toContain('dog');
  });

  it('does not type twice what the new text contains already', () => {
    for (const isIncluded of [true, false]) {
      const replica = loaded('abc');
      insert(replica, 3, 'd');
      replica.freeze('me', 1);
      insert(replica, 4, 'e');
      expect(replica.load(isIncluded ? '-abcd' : '-abc', 99)).toBeNull();
      replica.settle(isIncluded);
      expect(replica.doc.toString()).toBe('-abcde');
      expect(replica.pendingCount).toBe(1);
    }
  });

  it('gives the text back as a draft when the server refuses it', () => {
    const replica = loaded('abc');
    insert(replica, 0, '1');
    replica.freeze('me', 1);
    insert(replica, 0, '2');
    const { draft, update } = replica.abandon();
    expect(draft).toBe('21abc');
    expect(update.changes.apply(EditorState.create({ doc: draft }).doc).toString()).toBe('abc');
    expect(replica.pendingCount).toBe(0);
  });

  it('places cursors by the text of the server', () => {
    const replica = loaded('a😀b');
    insert(replica, 1, 'xx');
    expect(replica.toServerPosition(5)).toBe(2);
    expect(replica.fromServerPosition(2)).toBe(5);
    expect(replica.toServerPosition(2)).toBe(1);
  });
});

describe('undo', () => {
  /** An editor on a replica, as the bridge couples them. */
  function editorOn(replica: NoteReplica) {
    let state = EditorState.create({ doc: replica.doc, extensions: [history({ newGroupDelay: 0 })] });
    const dispatch = (tr: Transaction) => {
      if (tr.docChanged && tr.annotation(Transaction.remote) !== true) replica.edit(tr.changes);
      state = tr.state;
    };
    return {
      type: (from: number, text: string, to = from) =>
        dispatch(state.update({ changes: { from, to, insert: text }, userEvent: 'input.type' })),
      remote: (update: Update | null) =>
        update &&
        dispatch(
          state.update({
            changes: update.changes,
            annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true)]
          })
        ),
      undo: () => undo({ state, dispatch }),
      redo: () => redo({ state, dispatch }),
      text: () => state.doc.toString()
    };
  }

  it('takes back own edits only, also with others typing before and inside them', () => {
    const replica = loaded('base ');
    const editor = editorOn(replica);
    editor.type(5, 'mine');
    editor.remote(replica.receive({ seq: 11, op: ['THEIRS '], clientId: 'you', clientSeq: 1 }));
    const frozen = replica.freeze('me', 1)!;
    editor.remote(
      replica.receive({ seq: 12, op: [12, frozen.op[1] as string], clientId: 'me', clientSeq: 1 })
    );
    editor.remote(replica.receive({ seq: 13, op: [14, '!'], clientId: 'you', clientSeq: 2 }));
    expect(editor.text()).toBe('THEIRS base mi!ne');
    editor.undo();
    expect(editor.text()).toBe('THEIRS base !');
    editor.redo();
    expect(editor.text()).toBe('THEIRS base mi!ne');
    expect(replica.doc.toString()).toBe(editor.text());
  });

  it('works across a reconnect that brings a new text', () => {
    const replica = loaded('base');
    const editor = editorOn(replica);
    editor.type(4, ' mine');
    replica.freeze('me', 1);
    editor.remote(replica.load('Their base mine', 99));
    editor.remote(replica.settle(true));
    expect(editor.text()).toBe('Their base mine');
    editor.undo();
    expect(editor.text()).toBe('Their base');
    expect(replica.freeze('me', 2)).toEqual({
      clientId: 'me',
      clientSeq: 2,
      baseSeq: 99,
      op: [10, { d: 5 }]
    });
  });
});
