// @y/websocket-server's connections on ws, in memory: what its own program does.
import http from 'node:http'
import { WebSocketServer } from 'ws'
import { setupWSConnection } from '@y/websocket-server/utils'
import { listen } from './ready.mjs'

const server = http.createServer()
new WebSocketServer({ server }).on('connection', setupWSConnection)
listen(server)
