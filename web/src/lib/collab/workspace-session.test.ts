import 'fake-indexeddb/auto';
import { ChangeSet } from '@codemirror/state';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IDBFactory } from 'fake-indexeddb';
import { forgetDevice, PendingStore } from './pending';
import { FakeLink, type Sent } from './testing/fake-link';
import type { NoteMeta } from './types';
import type { Refusal } from './workspace-engine';
import { WorkspaceSession } from './workspace-session.svelte';

const WORKSPACE = 'w1';
const ME = { clientId: 'me', userId: 'u1' };
const TOKEN = `x.${btoa(JSON.stringify({ userId: 'u1' }))}.x`;

let sessions: WorkspaceSession[] = [];
let refusals: Refusal[] = [];

function note(id: string, more: Partial<NoteMeta> = {}): NoteMeta {
  const place = {
    position: { x: 0, y: 0 },
    size: { width: 240, height: 160 },
    color: null,
    collectionId: null
  };
  const times = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z', seq: 1 };
  return {
    id,
    workspaceId: WORKSPACE,
    title: id,
    excerpt: '',
    authorId: 'u1',
    tags: [],
    ...place,
    ...times,
    ...more
  };
}

const joined = (more: object = {}) => ({
  workspaceId: WORKSPACE,
  seq: 10,
  role: 'member',
  clientId: 'me',
  workspace: { id: WORKSPACE, name: 'Garden' },
  notes: [note('n1'), note('n2')],
  collections: [],
  connections: [],
  presence: [],
  ...more
});

const change = (seq: number, kind: string, more: object) => ({
  workspaceId: WORKSPACE,
  changes: [{ seq, kind, userId: 'u1', at: '2026-01-01T00:00:00.000Z', ...more }]
});

const edits = (noteId: string, ...list: object[]) => ({ workspaceId: WORKSPACE, noteId, edits: list });

/** A session and its line, which nobody has answered on yet. */
async function start(): Promise<{ session: WorkspaceSession; link: FakeLink }> {
  let link!: FakeLink;
  const session = new WorkspaceSession({
    workspaceId: WORKSPACE,
    getToken: async () => TOKEN,
    onRefused: (refusal) => refusals.push(refusal),
    makeLink: (handlers) => (link = new FakeLink(handlers))
  });
  sessions.push(session);
  await vi.waitUntil(() => link.credentials !== null);
  return { session, link };
}

/** A session that is live, with note n1 open and holding `content`. */
async function live(content = 'abc') {
  const { session, link } = await start();
  link.accept();
  link.take('workspace:join').answer(joined());
  const open = await session.openNote('n1');
  link.take('note:open').answer({ noteId: 'n1', seq: 10, content, meta: note('n1'), cursors: [] });
  return { session, link, open };
}

const insert = (length: number, at: number, text: string) => ChangeSet.of({ from: at, insert: text }, length);

async function sent(link: FakeLink, name: string): Promise<Sent> {
  await vi.waitUntil(() => link.has(name));
  return link.take(name);
}

/** Breaks the line and lets the session come back, up to its join. */
async function reconnect(session: WorkspaceSession, link: FakeLink): Promise<Sent> {
  link.break();
  link.credentials = null;
  session.reconnectNow();
  await vi.waitUntil(() => link.credentials !== null);
  link.accept();
  return link.take('workspace:join');
}

function freshDevice(): void {
  sessionStorage.clear();
  vi.stubGlobal('indexedDB', new IDBFactory());
}

beforeEach(() => {
  freshDevice();
  [sessions, refusals] = [[], []];
});

afterEach(() => {
  for (const session of sessions) session.close();
});

describe('joining', () => {
  it('goes from connecting to live, and shows what is there', async () => {
    const { session, link } = await start();
    expect(session.state).toBe('connecting');
    expect(link.credentials).toEqual({ token: TOKEN, clientId: null });
    link.accept();
    expect(session.state).toBe('joining');
    link.take('workspace:join').answer(joined());
    expect(session.state).toBe('live');
    expect([...session.notes.keys()]).toEqual(['n1', 'n2']);
    expect(session.role).toBe('member');
  });

  it('comes back with its client id, asking for what it missed', async () => {
    const { session, link } = await live();
    link.tell('workspace:update', change(12, 'note.deleted', { noteId: 'n2' }));
    const join = await reconnect(session, link);
    expect(link.credentials?.clientId).toBe('me');
    expect(join.payload.since).toBe(12);
    const update = { seq: 13, kind: 'note.updated', noteId: 'n1', set: { title: 'New' }, tags: {} };
    join.answer(joined({ seq: 13, notes: undefined, catchUp: [update] }));
    expect(session.notes.get('n1')?.title).toBe('New');
    expect(link.take('note:open').payload.since).toBe(12);
  });

  it('asks from before the edits of open notes: older ones of other notes may not have been told', async () => {
    const { session, link } = await live();
    link.tell('collaboration:edit', {
      workspaceId: WORKSPACE,
      noteId: 'n1',
      edits: [{ seq: 14, op: [3, 'd'], clientId: 'you', clientSeq: 1 }]
    });
    const join = await reconnect(session, link);
    expect(join.payload.since).toBe(10);
    const missed = { seq: 12, kind: 'note.edited', noteId: 'n2', excerpt: 'newer' };
    const known = { seq: 14, kind: 'note.edited', noteId: 'n1', excerpt: 'abcd' };
    join.answer(joined({ seq: 14, notes: undefined, catchUp: [missed, known] }));
    expect(session.notes.get('n2')?.excerpt).toBe('newer');
    expect(link.take('note:open').payload.since).toBe(14);
  });

  it('forgets a note that was deleted for good, told of its deletion or not', async () => {
    const { session, link } = await live();
    link.tell('workspace:update', change(12, 'note.deleted', { noteId: 'n2' }));
    link.tell('workspace:update', change(13, 'note.purged', { noteId: 'n2' }));
    link.tell('workspace:update', change(14, 'note.restored', { noteId: 'n2' }));
    expect([...session.notes.keys()]).toEqual(['n1']);
    const join = await reconnect(session, link);
    const purge = { seq: 15, kind: 'note.purged', noteId: 'n1' };
    join.answer(joined({ seq: 15, notes: undefined, catchUp: [purge] }));
    expect(session.notes.size).toBe(0);
  });

  it('tells why it may not come in, and does not try again', async () => {
    const { session, link } = await start();
    link.accept();
    link.take('workspace:join').answer({ error: { code: 'WORKSPACE_NOT_FOUND', message: 'gone' } });
    expect(session.state).toBe('denied');
    expect(session.deniedReason).toBe('WORKSPACE_NOT_FOUND');
    expect(link.isUp).toBe(false);
  });

  it('takes one refused token for an accident, two for the truth', async () => {
    const { session, link } = await start();
    link.credentials = null;
    link.refuse('TOKEN_EXPIRED');
    expect(session.state).toBe('connecting');
    session.reconnectNow();
    await vi.waitUntil(() => link.credentials !== null);
    link.refuse('TOKEN_EXPIRED');
    expect(session.state).toBe('denied');
  });

  it('hands in a new token when asked', async () => {
    const { link } = await live();
    link.tell('auth:expired', {});
    expect((await sent(link, 'auth:refresh')).payload).toEqual({ token: TOKEN });
  });

  it('stops when it is removed from the workspace, and follows its role', async () => {
    const { session, link } = await live();
    link.tell('workspace:update', change(11, 'member.updated', { member: { userId: 'u1', role: 'viewer' } }));
    expect(session.role).toBe('viewer');
    link.tell('workspace:update', change(12, 'member.removed', { member: { userId: 'u1' } }));
    expect(session.state).toBe('denied');
  });
});

describe('a workspace that moves to another node', () => {
  const NODE = 'http://node-2.example';
  const moved = (url?: string) => ({ workspaceId: WORKSPACE, ...(url ? { url } : {}) });

  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  it('is followed straight there with what was in flight, byte-equal', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    const edit = await sent(link, 'collaboration:edit');
    link.reachable.add(NODE);
    link.credentials = null;
    link.tell('workspace:moved', moved(NODE));
    const credentials = await vi.waitUntil(() => link.credentials);
    expect(credentials.clientId).toBe('me');
    expect(link.url).toBe(NODE);
    open.edit(insert(4, 4, 'e'));
    link.accept();
    const join = link.take('workspace:join');
    expect(join.payload.since).toBe(10);
    join.answer(joined({ notes: undefined, catchUp: [] }));
    link.take('note:open').answer({ noteId: 'n1', seq: 10, edits: [], cursors: [] });
    expect(link.take('collaboration:edit').payload).toEqual(edit.payload);
    expect(open.doc.toString()).toBe('abcde');
    expect(session.waitingCount).toBe(2);
  });

  it("is reached by the page's own server again when the node fails", async () => {
    const { session, link } = await live();
    link.reachable.add(NODE);
    link.credentials = null;
    link.tell('workspace:moved', moved(NODE));
    await vi.waitUntil(() => link.credentials !== null);
    link.accept();
    link.take('workspace:join').answer(joined({ notes: undefined, catchUp: [] }));
    await reconnect(session, link);
    expect(link.url).toBeNull();
  });

  it("is followed back to the page's own server", async () => {
    const { link } = await live();
    for (const [url, way] of [
      [NODE, NODE],
      [location.origin, null]
    ] as const) {
      link.reachable.add(url);
      link.credentials = null;
      link.tell('workspace:moved', moved(url));
      await vi.waitUntil(() => link.credentials !== null);
      expect(link.url).toBe(way);
      link.accept();
      link.take('workspace:join').answer(joined({ notes: undefined, catchUp: [] }));
      await vi.waitUntil(() => link.sent.some(({ name }) => name === 'note:open'));
      link.take('note:open').answer({ noteId: 'n1', seq: 10, edits: [], cursors: [] });
    }
  });

  it('changes nothing for those who have no nearer way, or cannot reach it', async () => {
    const { session, link, open } = await live();
    const { generation } = link;
    for (const url of [undefined, NODE, location.origin, 'no address'])
      link.tell('workspace:moved', moved(url));
    open.edit(insert(3, 3, 'd'));
    await sent(link, 'collaboration:edit');
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
    expect(link.generation).toBe(generation);
    expect(session.state).toBe('live');
  });
});

describe('editing', () => {
  it('sends one edit at a time, and takes its coming back for the acknowledgement', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    expect(session.saveState).toBe('saving');
    const first = await sent(link, 'collaboration:edit');
    expect(first.payload).toEqual({
      workspaceId: WORKSPACE,
      noteId: 'n1',
      baseSeq: 10,
      op: [3, 'd'],
      clientId: 'me',
      clientSeq: 1
    });
    open.edit(insert(4, 4, 'e'));
    expect(session.waitingCount).toBe(2);
    link.tell('collaboration:edit', edits('n1', { seq: 11, op: [3, 'd'], ...ME, clientSeq: 1 }));
    first.answer({ seq: 11, noteId: 'n1' });
    const second = await sent(link, 'collaboration:edit');
    expect(second.payload).toMatchObject({ baseSeq: 11, op: [4, 'e'], clientSeq: 2 });
    link.tell('collaboration:edit', edits('n1', { seq: 12, op: [4, 'e'], ...ME, clientSeq: 2 }));
    expect(session.saveState).toBe('saved');
  });

  it('resends byte-equal and in the order of the numbers', async () => {
    const { session, link, open } = await live();
    session.updateNote('n2', { title: 'First' });
    const update = await sent(link, 'note:update');
    open.edit(insert(3, 3, 'd'));
    const edit = await sent(link, 'collaboration:edit');
    link.tell('collaboration:edit', edits('n1', { seq: 11, op: ['>'], clientId: 'you', clientSeq: 1 }));
    const join = await reconnect(session, link);
    join.answer(joined({ seq: 11, notes: undefined, catchUp: [] }));
    expect(link.sent.map(({ name }) => name)).toEqual(['note:open']);
    link.take('note:open').answer({ noteId: 'n1', seq: 11, edits: [], cursors: [] });
    expect(link.sent.map(({ name }) => name)).toEqual(['note:update', 'collaboration:edit']);
    expect(link.take('note:update').payload).toEqual(update.payload);
    expect(link.take('collaboration:edit').payload).toEqual(edit.payload);
    expect(open.doc.toString()).toBe('>abcd');
  });

  it('does not resend what the catch-up shows to be done', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    await sent(link, 'collaboration:edit');
    const join = await reconnect(session, link);
    join.answer(joined({ seq: 11, notes: undefined, catchUp: [] }));
    const own = { seq: 11, op: [3, 'd'], ...ME, clientSeq: 1 };
    link.take('note:open').answer({ noteId: 'n1', seq: 11, edits: [own], cursors: [] });
    expect(session.saveState).toBe('saved');
    expect(link.has('collaboration:edit')).toBe(false);
  });

  it('merges into a fresh text what was typed on one whose history is gone', async () => {
    const { link, open } = await live('one two');
    open.edit(insert(7, 7, ' three'));
    const edit = await sent(link, 'collaboration:edit');
    edit.answer({ error: { code: 'BASE_TOO_OLD', message: '' } });
    const again = link.take('note:open');
    expect(again.payload.since).toBeUndefined();
    again.answer({ noteId: 'n1', seq: 90, content: 'zero one two', cursors: [] });
    expect(open.doc.toString()).toBe('zero one two three');
    expect((await sent(link, 'collaboration:edit')).payload).toMatchObject({
      baseSeq: 90,
      op: [12, ' three'],
      clientSeq: 2
    });
  });

  it('keeps pending edits through a resync, whether the new text has them or not', async () => {
    for (const isIncluded of [true, false]) {
      const { session, link, open } = await live();
      open.edit(insert(3, 3, 'd'));
      const { payload } = await sent(link, 'collaboration:edit');
      open.edit(insert(4, 4, 'e'));
      link.tell('workspace:resync', { workspaceId: WORKSPACE, reason: 'SLOW' });
      const join = link.take('workspace:join');
      expect(join.payload.since).toBeUndefined();
      join.answer(joined({ seq: 50 }));
      link
        .take('note:open')
        .answer({ noteId: 'n1', seq: 50, content: isIncluded ? '-abcd' : '-abc', cursors: [] });
      const resend = link.take('collaboration:edit');
      expect(resend.payload).toEqual(payload);
      resend.answer(
        isIncluded ? { seq: 40, duplicate: true } : { error: { code: 'BASE_TOO_OLD', message: '' } }
      );
      expect(open.doc.toString()).toBe('-abcde');
      expect(session.drafts.size).toBe(0);
      session.close();
      freshDevice();
    }
  });

  it('asks again later when the server is busy, under the same number', async () => {
    const { link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    const edit = await sent(link, 'collaboration:edit');
    edit.answer({ error: { code: 'RATE_LIMITED', message: '', details: { retryAfterSeconds: 0.001 } } });
    expect((await sent(link, 'collaboration:edit')).payload).toEqual(edit.payload);
  });

  it('keeps refused text as a draft and goes back to the text of the server', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    (await sent(link, 'collaboration:edit')).answer({ error: { code: 'FORBIDDEN', message: 'no' } });
    expect(open.doc.toString()).toBe('abc');
    expect([...session.drafts.values()]).toMatchObject([{ noteId: 'n1', text: 'abcd', reason: 'FORBIDDEN' }]);
    expect(refusals).toEqual([{ noteId: 'n1', code: 'FORBIDDEN', message: 'no' }]);
    expect(session.saveState).toBe('saved');
  });

  it('goes by the answer to the last copy that it sent, since a right may come back in between', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    const first = await sent(link, 'collaboration:edit');
    link.tell('workspace:resync', { workspaceId: WORKSPACE, reason: 'overflow' });
    (await sent(link, 'workspace:join')).answer(joined());
    (await sent(link, 'note:open')).answer({ noteId: 'n1', seq: 10, content: 'abc', cursors: [] });
    const second = await sent(link, 'collaboration:edit');
    first.answer({ error: { code: 'FORBIDDEN', message: 'no' } });
    expect(refusals).toEqual([]);
    second.answer({ error: { code: 'FORBIDDEN', message: 'no' } });
    expect(refusals).toHaveLength(1);
    expect(session.drafts.size).toBe(1);
  });

  it('numbers anew when the server gives it another client id', async () => {
    const { session, link, open } = await live();
    open.edit(insert(3, 3, 'd'));
    await sent(link, 'collaboration:edit');
    const join = await reconnect(session, link);
    join.answer(joined({ seq: 10, clientId: 'other', notes: undefined, catchUp: [] }));
    link.take('note:open').answer({ noteId: 'n1', seq: 10, edits: [], cursors: [] });
    expect((await sent(link, 'collaboration:edit')).payload).toMatchObject({
      clientId: 'other',
      clientSeq: 1,
      op: [3, 'd']
    });
  });

  it('is there again after a reload, under the same client id and number', async () => {
    const before = await live();
    before.open.edit(insert(3, 3, 'd'));
    const { payload } = await sent(before.link, 'collaboration:edit');
    before.open.edit(insert(4, 4, 'e'));
    before.link.break();
    before.session.close();
    const { session, link } = await start();
    expect(link.credentials?.clientId).toBe('me');
    expect(session.waitingCount).toBe(2);
    expect((await session.openNote('n1')).doc.toString()).toBe('abcde');
    expect(session.notes.get('n1')).toBeDefined();
    link.accept();
    link.take('workspace:join').answer(joined());
    link.take('note:open').answer({ noteId: 'n1', seq: 10, edits: [], cursors: [] });
    expect(link.take('collaboration:edit').payload).toEqual(payload);
  });
});

describe('signing out', () => {
  it('leaves on the device only what the server has not got', async () => {
    const first = await live();
    first.open.edit(insert(3, 3, 'd'));
    await sent(first.link, 'collaboration:edit');
    first.link.break();
    first.session.close();
    await vi.waitUntil(async () => (await (await PendingStore.open()).identities(WORKSPACE)).length === 1);
    await forgetDevice();
    const store = await PendingStore.open();
    const [identity] = await store.identities(WORKSPACE);
    expect(await store.hasUnsent(identity!.key)).toBe(true);
    expect(await store.snapshot('u1', WORKSPACE)).toBeUndefined();
    const [note] = await store.notes(identity!.key);
    expect(note?.replica.out?.frozen.op).toEqual([3, 'd']);
    await store.save({ ...identity!, commands: [] }, [], ['n1']);
    await forgetDevice();
    expect(await store.identities(WORKSPACE)).toEqual([]);
    store.close();
  });
});

describe('notes as a whole', () => {
  it('are shown at once and made when there is a line, with what was done to them meanwhile', async () => {
    const { session, link } = await start();
    const made = session.createNote({ title: 'Idea', position: { x: 5, y: 5 } });
    const localId = [...session.notes.keys()][0]!;
    expect(session.notes.get(localId)).toMatchObject({ title: 'Idea', isLocal: true });
    const open = await session.openNote(localId);
    open.edit(insert(0, 0, 'text'));
    session.updateNote(localId, { title: 'Better' });
    link.accept();
    link.take('workspace:join').answer(joined());
    const create = await sent(link, 'note:create');
    expect(create.payload).toMatchObject({ note: { title: 'Idea' }, clientId: 'me', clientSeq: 1 });
    expect(link.has('note:update')).toBe(false);
    const server = note('n9', { title: 'Idea' });
    link.tell(
      'workspace:update',
      change(11, 'note.created', { noteId: 'n9', note: server, ...ME, clientSeq: 1 })
    );
    create.answer({ seq: 11, note: server });
    expect((await made).id).toBe('n9');
    expect(session.notes.has(localId)).toBe(false);
    expect(session.notes.get('n9')?.title).toBe('Better');
    link.take('note:open').answer({ noteId: 'n9', seq: 11, content: '', cursors: [] });
    expect((await sent(link, 'note:update')).payload).toMatchObject({
      noteId: 'n9',
      set: { title: 'Better' }
    });
    expect((await sent(link, 'collaboration:edit')).payload).toMatchObject({
      noteId: 'n9',
      op: ['text'],
      baseSeq: 11
    });
  });

  it('send the last place of a drag, not its way', async () => {
    const { session, link } = await live();
    session.updateNote('n1', { position: { x: 1, y: 1 } });
    const first = await sent(link, 'note:update');
    for (let x = 2; x <= 50; x++) session.updateNote('n1', { position: { x, y: x } });
    expect(session.notes.get('n1')?.position).toEqual({ x: 50, y: 50 });
    expect(session.waitingCount).toBe(2);
    const set = first.payload.set;
    link.tell(
      'workspace:update',
      change(11, 'note.updated', { noteId: 'n1', set, tags: {}, ...ME, clientSeq: 1 })
    );
    expect(session.notes.get('n1')?.position).toEqual({ x: 50, y: 50 });
    expect((await sent(link, 'note:update')).payload.set).toEqual({ position: { x: 50, y: 50 } });
  });

  it('show own changes over those of others until the order is known', async () => {
    const { session, link } = await live();
    session.updateNote('n1', { title: 'Mine' }, { add: ['a'] });
    const { payload } = await sent(link, 'note:update');
    const theirs = { noteId: 'n1', set: { title: 'Theirs' }, tags: { add: ['b'] } };
    link.tell('workspace:update', change(11, 'note.updated', theirs));
    expect(session.notes.get('n1')).toMatchObject({ title: 'Mine', tags: ['b', 'a'] });
    link.tell('workspace:update', change(12, 'note.updated', { ...payload, ...ME, clientSeq: 1 }));
    link.tell('workspace:update', change(13, 'note.updated', theirs));
    expect(session.notes.get('n1')?.title).toBe('Theirs');
    expect(session.saveState).toBe('saved');
  });

  it('come back when their deletion is refused or taken back', async () => {
    const { session, link } = await live();
    session.deleteNote('n2');
    expect(session.notes.has('n2')).toBe(false);
    (await sent(link, 'note:delete')).answer({ error: { code: 'FORBIDDEN', message: '' } });
    expect(session.notes.has('n2')).toBe(true);
    expect(refusals).toHaveLength(1);
    session.deleteNote('n2');
    (await sent(link, 'note:delete')).answer({ seq: 12 });
    session.restoreNote('n2');
    expect(session.notes.has('n2')).toBe(true);
    (await sent(link, 'note:restore')).answer({ seq: 13 });
    expect(session.notes.has('n2')).toBe(true);
    expect(session.saveState).toBe('saved');
  });
});

describe('people', () => {
  const ben = {
    userId: 'u2',
    userName: 'Ben',
    clientId: 'you',
    status: 'online',
    avatarUrl: null,
    color: '#000',
    lastSeen: ''
  };

  it('come, point, and are gone with all they left', async () => {
    const { session, link, open } = await live('a😀b');
    link.tell('presence:update', { workspaceId: WORKSPACE, joins: [ben], leaves: [], updates: [] });
    const cursor = { ...ben, noteId: 'n1', selection: [[2, 2]], timestamp: '' };
    link.tell('collaboration:cursor', {
      workspaceId: WORKSPACE,
      cursors: [cursor, { ...cursor, clientId: 'me' }]
    });
    expect([...session.cursors.keys()]).toEqual(['you']);
    expect(open.selections()).toMatchObject([{ ranges: [[3, 3]] }]);
    link.tell('presence:update', { workspaceId: WORKSPACE, joins: [], leaves: [ben], updates: [] });
    expect(session.presence.size + session.cursors.size + open.selections().length).toBe(0);
  });
});
