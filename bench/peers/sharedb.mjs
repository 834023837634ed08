// ShareDB with the text type of ot-text-unicode. DATABASE_URL: keep documents and operations in PostgreSQL, else in memory.
import http from 'node:http'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ShareDB from 'sharedb'
import { type } from 'ot-text-unicode'
import WebSocketJSONStream from '@teamwork/websocket-json-stream'
import { WebSocketServer } from 'ws'
import { listen } from './ready.mjs'

ShareDB.types.register(type)

async function openDatabase(url) {
  const require = createRequire(import.meta.url)
  const { default: pg } = await import('pg')
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query("SELECT to_regclass('ops') AS ops")
  if (rows[0].ops === null) {
    await client.query(readFileSync(require.resolve('sharedb-postgres/structure.sql'), 'utf8'))
  }
  await client.end()
  const { default: PostgresDB } = await import('sharedb-postgres')
  return new PostgresDB({ connectionString: url })
}

const url = process.env.DATABASE_URL
const backend = new ShareDB(url ? { db: await openDatabase(url) } : {})
const server = http.createServer()
new WebSocketServer({ server }).on('connection', (socket) => {
  backend.listen(new WebSocketJSONStream(socket))
})
listen(server)
