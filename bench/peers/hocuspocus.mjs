// Hocuspocus. DATABASE_FILE: keep documents in SQLite, else in memory. The table and statements are those of its SQLite
// extension, on Node's own SQLite: the extension's driver has to be compiled. The time-out is long because the benchmark's
// readers send no awareness.
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'
import { tellReady } from './ready.mjs'

async function openDatabase(file) {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE IF NOT EXISTS documents (name varchar(255) NOT NULL, data blob NOT NULL, UNIQUE (name))')
  const select = database.prepare('SELECT data FROM documents WHERE name = ?')
  const upsert = database.prepare(
    'INSERT INTO documents (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data',
  )
  return new Database({
    fetch: async ({ documentName }) => select.get(documentName)?.data ?? null,
    store: async ({ documentName, state }) => {
      upsert.run(documentName, state)
    },
  })
}

const file = process.env.DATABASE_FILE
const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  stopOnSignals: false,
  timeout: 3_600_000,
  extensions: file ? [await openDatabase(file)] : [],
})
await server.listen()
tellReady(server.address.port)
