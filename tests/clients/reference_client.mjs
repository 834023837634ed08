/** Two off-the-shelf Socket.IO clients edit one note; prints what they saw as JSON. */
import { once } from 'node:events';
import { io } from 'socket.io-client';

const { NV_TEST_URL: url, NV_TEST_WORKSPACE: workspaceId, NV_TEST_NOTE: noteId } = process.env;
const transports = (process.env.NV_TEST_TRANSPORTS ?? 'websocket').split(',');

async function connected(token) {
  const socket = io(url, { auth: { token }, transports, reconnection: false });
  const [outcome] = await Promise.race([
    once(socket, 'connect').then(() => [null]),
    once(socket, 'connect_error')
  ]);
  return { socket, refusal: outcome && { message: outcome.message, data: outcome.data } };
}

const { refusal } = await connected('nobody');
const { socket: ada } = await connected('ada');
const { socket: bob } = await connected('bob');
if (transports.length > 1) {
  for (const socket of [ada, bob])
    if (socket.io.engine.transport.name !== 'websocket') await once(socket.io.engine, 'upgrade');
}
const joined = await ada.emitWithAck('workspace:join', { workspaceId });
await bob.emitWithAck('workspace:join', { workspaceId });
await ada.emitWithAck('note:open', { workspaceId, noteId });
await bob.emitWithAck('note:open', { workspaceId, noteId });
const heard = once(bob, 'collaboration:edit');
const numbers = { clientId: joined.clientId, clientSeq: 1 };
const accepted = await ada.emitWithAck('collaboration:edit', {
  ...{ workspaceId, noteId, baseSeq: joined.seq, op: [5, ' – wörld 🎉'] },
  ...numbers
});
const [event] = await heard;
const failure = await bob.emitWithAck('no:such', {});
const pending = once(bob, 'error');
bob.emit('file', new Uint8Array([1, 2, 3]));
const [binary] = await pending;
const transport = ada.io.engine.transport.name;
ada.disconnect();
bob.disconnect();
console.log(JSON.stringify({ refusal, joined, accepted, event, failure, binary, transport }));
