// Answers cases on standard input, one JSON a line: {text, one, other, following, position}.
// `one` and `other` start from `text`, `following` from the text after `one`.
import { createInterface } from 'node:readline'
import ot from 'ot-text-unicode'

const { apply, compose, transform, transformPosition } = ot.type

const answer = ({ text, one, other, following, position }) => ({
  applied: apply(text, one),
  left: transform(one, other, 'left'),
  right: transform(one, other, 'right'),
  composed: compose(one, following),
  position: transformPosition(position, one),
})

const answers = []
for await (const line of createInterface({ input: process.stdin })) {
  answers.push(JSON.stringify(answer(JSON.parse(line))))
}
process.stdout.write(answers.join('\n'))
