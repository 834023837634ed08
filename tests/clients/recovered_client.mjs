/** A socket.io-client that asked to be recovered loses its connection again and again while another one edits; prints
 * what it saw as JSON. */
import { once } from 'node:events';
import { io } from 'socket.io-client';

const { NV_TEST_URL: url, NV_TEST_WORKSPACE: workspaceId, NV_TEST_NOTE: noteId } = process.env;
const transports = (process.env.NV_TEST_TRANSPORTS ?? 'websocket').split(',');
const LOSSES = 5;
const EDITS = 4;

const quick = { transports, reconnectionDelay: 20, reconnectionDelayMax: 50 };
const ada = io(url, { auth: { token: 'ada', recovery: true }, ...quick });
const bob = io(url, { auth: { token: 'bob' }, ...quick });
const seen = { recovered: [], ids: [], edits: [], leaves: 0, argumentsOfBob: new Set() };
ada.on('collaboration:edit', ({ edits }) => seen.edits.push(...edits.map((edit) => edit.op.at(-1))));
bob.on('presence:update', ({ leaves }) => (seen.leaves += leaves.length));
bob.onAny((_name, ...payloads) => seen.argumentsOfBob.add(payloads.length));
await Promise.all([once(ada, 'connect'), once(bob, 'connect')]);
for (const socket of [ada, bob]) {
  await socket.emitWithAck('workspace:join', { workspaceId });
  await socket.emitWithAck('note:open', { workspaceId, noteId });
}
const joined = await bob.emitWithAck('workspace:join', { workspaceId });
let clientSeq = 0;
let baseSeq = joined.seq;

async function edit() {
  clientSeq += 1;
  const numbers = { clientId: joined.clientId, clientSeq };
  const op = [4 + clientSeq, String(clientSeq % 10)]; // "hello" and a digit of each edit before
  const { seq } = await bob.emitWithAck('collaboration:edit', { workspaceId, noteId, baseSeq, op, ...numbers });
  baseSeq = seq;
}

seen.ids.push(ada.id);
for (let loss = 0; loss < LOSSES; loss += 1) {
  await edit();
  ada.io.engine.close();
  const back = once(ada, 'connect');
  for (let count = 1; count < EDITS; count += 1) await edit();
  await back;
  seen.recovered.push(ada.recovered);
  seen.ids.push(ada.id);
}
while (seen.edits.length < LOSSES * EDITS) await once(ada, 'collaboration:edit');
const left = once(bob, 'presence:update');
const leavesBefore = seen.leaves;
ada.disconnect();
await left;
bob.disconnect();
const counts = { leavesBefore, argumentsOfBob: [...seen.argumentsOfBob] };
console.log(JSON.stringify({ ...seen, ...counts }));
