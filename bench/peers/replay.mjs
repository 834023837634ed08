// Replay operations, given on standard input as JSON {text, ops, end}, with ShareDB's text type: apply, and check the end.
import { readFileSync } from 'node:fs'
import { type } from 'ot-text-unicode'

const { text, ops, end } = JSON.parse(readFileSync(0, 'utf8'))
const began = process.cpuUsage()
let document = type.create(text)
for (const op of ops) {
  document = type.apply(document, op)
}
const used = process.cpuUsage(began)
if (document !== end) {
  throw new Error('the replay ended at another text')
}
console.log(JSON.stringify({ cpu: (used.user + used.system) / 1e6 }))
