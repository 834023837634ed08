// One note by id on Express (VERSION 4 or 5) and pg: the token checked, membership checked, one statement.
import { listen } from './ready.mjs'
import http from 'node:http'
import jwt from 'jsonwebtoken'
import pg from 'pg'

const { default: express } = await import(`express${process.env.VERSION}`)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
const secret = process.env.SECRET

await pool.query(`
  CREATE TABLE IF NOT EXISTS members (workspace_id uuid, user_id uuid, role text, PRIMARY KEY (workspace_id, user_id));
  CREATE TABLE IF NOT EXISTS notes (id uuid PRIMARY KEY, workspace_id uuid, title text, content text, author_id uuid,
    collection_id uuid, x float8, y float8, width float8, height float8, color text, tags text[], seq bigint,
    created_at timestamptz, updated_at timestamptz);
`)

const app = express()
app.disable('x-powered-by')

app.use((request, response, next) => {
  try {
    const token = request.get('authorization')?.slice('Bearer '.length)
    request.userId = jwt.verify(token, secret, { algorithms: ['HS256'] }).userId
  } catch {
    response.status(401).json({ error: { code: 'UNAUTHENTICATED' } })
    return
  }
  next()
})

const statement = {
  name: 'note',
  text: `SELECT notes.*, members.role FROM notes JOIN members USING (workspace_id) WHERE notes.id = $1 AND user_id = $2`,
}

app.get('/api/notes/:id', async (request, response, next) => {
  try {
    const { rows } = await pool.query({ ...statement, values: [request.params.id, request.userId] })
    if (rows.length === 0) {
      response.status(404).json({ error: { code: 'NOTE_NOT_FOUND' } })
      return
    }
    const row = rows[0]
    response.json({
      note: {
        id: row.id,
        workspaceId: row.workspace_id,
        title: row.title,
        content: row.content,
        authorId: row.author_id,
        collectionId: row.collection_id,
        position: { x: row.x, y: row.y },
        size: { width: row.width, height: row.height },
        color: row.color,
        tags: row.tags,
        seq: Number(row.seq),
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      },
    })
  } catch (error) {
    next(error)
  }
})

// The benchmark's note and token, made once and told before the port.
const ids = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003']
const [workspace, user, note] = ids
await pool.query('INSERT INTO members VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [workspace, user, 'owner'])
await pool.query(
  `INSERT INTO notes VALUES ($1, $2, 'N0', $3, $4, NULL, 0, 0, 200, 200, NULL, '{}', 1, now(), now()) ON CONFLICT DO NOTHING`,
  [note, workspace, process.env.CONTENT, user],
)
console.log(`token ${jwt.sign({ userId: user, sid: user, jti: user }, secret, { algorithm: 'HS256', expiresIn: '1h' })}`)
console.log(`note ${note}`)
listen(http.createServer(app))
