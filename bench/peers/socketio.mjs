// A relay on socket.io: it hands every edit to the others in the room and acknowledges it. No transformation, no storage.
import http from 'node:http'
import { Server } from 'socket.io'
import { listen } from './ready.mjs'

const server = http.createServer()
new Server(server).on('connection', (socket) => {
  socket.on('join', (note, acknowledge) => {
    socket.join(note)
    acknowledge()
  })
  socket.on('collaboration:edit', (edit, acknowledge) => {
    socket.to(edit.noteId).emit('collaboration:edit', edit)
    acknowledge()
  })
})
listen(server)
