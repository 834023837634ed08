// A person who types into a note through socket.io-client, with ot-text-unicode for the text. It is driven by JSON, one
// line each way; what it does is what `socketio_client.py` does with python-socketio:
//   in  {url, token, workspaceId, noteId, edits, characters, seed}   out {event: "joined"}
//   in  {do: "type"}                                                 out {event: "typed", seq, typed, deleted}
//   in  {do: "settle", seq}                                          out {event: "settled", text, …}, and it ends
import { createInterface } from 'node:readline'
import ot from 'ot-text-unicode'
import { io } from 'socket.io-client'

const { apply, compose, normalize, transform } = ot.type
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const hear = async () => JSON.parse((await lines.next()).value)

const config = await hear()
const { workspaceId, noteId } = config
const chance = mulberry32(config.seed)
const characters = [...config.characters] // by code point
const typed = []
const deleted = []
const counts = { connections: 0, resends: 0, duplicates: 0, acknowledged: 0 }
let clientId
let text
let seq
let sent = null // as it was first sent: a resend is equal to it
let out = null // the same, moved along under what came since
let buffer = null
let nextNumber = 1
let editsLeft = 0
let isOpen = false
let goal = null

const socket = io(config.url, {
  auth: (give) => give({ token: config.token, clientId }),
  transports: ['websocket'],
  reconnectionDelay: 20,
  reconnectionDelayMax: 200,
})

socket.on('connect', () => {
  counts.connections += 1
  const since = seq === undefined ? {} : { since: seq }
  socket.emit('workspace:join', { workspaceId, ...since }, (joined) => {
    check(joined)
    clientId = joined.clientId
  })
  socket.emit('note:open', { workspaceId, noteId, ...since }, (opened) => {
    check(opened)
    if (text === undefined) text = opened.content
    else opened.edits.forEach(take)
    seq = opened.seq
    isOpen = true
    if (counts.connections === 1) tell({ event: 'joined' })
    if (sent) {
      counts.resends += 1
      emit()
    }
    move()
  })
})
socket.on('disconnect', () => (isOpen = false))
socket.on('collaboration:edit', ({ edits }) => {
  edits.forEach(take)
  move()
})

function take(edit) {
  if (edit.seq <= seq) throw new Error(`edit ${edit.seq} came after ${seq}`)
  seq = edit.seq
  if (edit.clientId === clientId) {
    if (edit.clientSeq !== sent?.clientSeq) throw new Error(`edit ${edit.seq} is not in flight`)
    sent = out = null
    counts.acknowledged += 1
    return
  }
  let { op } = edit
  if (out) [out, op] = [transform(out, op, 'right'), transform(op, out, 'left')]
  if (buffer) [buffer, op] = [transform(buffer, op, 'right'), transform(op, buffer, 'left')]
  text = apply(text, op)
}

/** Types and sends what may be typed and sent now; tells when a goal is reached. */
function move() {
  if (!isOpen) return
  if (!sent && !buffer && editsLeft > 0) type()
  if (!sent && buffer) {
    ;[out, buffer] = [buffer, null]
    sent = { workspaceId, noteId, baseSeq: seq, op: out, clientId, clientSeq: nextNumber++ }
    emit()
    if (editsLeft > 0) type() // while the first one is in flight
  }
  if (!sent && !buffer) goal?.()
}

function emit() {
  socket.emit('collaboration:edit', sent, (answer) => {
    check(answer)
    if (answer.duplicate) counts.duplicates += 1
  })
}

function type() {
  editsLeft -= 1
  const points = [...text]
  const place = Math.floor(chance() * (points.length + 1))
  let op
  if (place < points.length && chance() < 0.35) {
    const count = Math.min(points.length - place, 1 + Math.floor(chance() * 3))
    deleted.push(...points.slice(place, place + count))
    op = normalize([place, { d: count }])
  } else {
    const inserted = characters.splice(0, 1 + Math.floor(chance() * 3)).join('')
    typed.push(inserted)
    op = normalize([place, inserted])
  }
  text = apply(text, op)
  buffer = buffer ? compose(buffer, op) : op
}

function check(answer) {
  if (answer.error) throw new Error(JSON.stringify(answer.error))
}

function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Resolves when everything typed is acknowledged and `isReached`. */
function reach(isReached) {
  return new Promise((resolve) => {
    goal = () => isReached() && resolve()
    move()
  })
}

await hear()
editsLeft = config.edits
await reach(() => editsLeft === 0)
tell({ event: 'typed', seq, typed: typed.join(''), deleted: deleted.join('') })
const { seq: newest } = await hear()
await reach(() => seq >= newest)
tell({ event: 'settled', text, ...counts })
socket.close()
process.exit(0)
