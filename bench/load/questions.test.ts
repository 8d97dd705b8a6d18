import { createSocket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import { askQuestions, encodeQuestion } from './questions.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Answers with a code by the question, or not at all. */
function serve(codeOf: (message: Buffer, count: number) => number | undefined): Promise<number> {
  const socket = createSocket('udp4')
  let count = 0
  socket.on('message', (message, { port, address }) => {
    const code = codeOf(message, count++)
    if (code === undefined) return
    message[2] = 0x81
    message[3] = code
    socket.send(message, port, address)
  })
  stops.push(() => socket.close())
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)))
}

const task = {
  kind: 'questions',
  host: '127.0.0.1',
  questions: [
    { name: 'a.example', type: 'A' },
    { name: 'b.example', type: 'AAAA' },
  ],
  expected: [0],
  sockets: 2,
  atOnce: 3,
  ms: 100,
} as const
const atOnce = (): Promise<void> => Promise.resolve()

test('encodeQuestion() writes a question as resolvers send it', () => {
  expect(encodeQuestion({ name: 'ab.c', type: 'SRV' }).toString('hex')).toBe(
    '00000100000100000000000002616201630000210001',
  )
})

test('askQuestions() asks in turn until its time is over, and waits for what is under way', async () => {
  const asked = new Map<number, number>()
  const port = await serve((message) => {
    const type = message.readUInt16BE(message.length - 4)
    asked.set(type, (asked.get(type) ?? 0) + 1)
    return 0
  })
  const result = await askQuestions({ ...task, port }, atOnce)
  expect(result).toMatchObject({ wrong: 0, lost: 0 })
  expect(result.answers).toBeGreaterThan(6)
  const [first = 0, second = 0] = [...asked.values()]
  expect(first + second).toBe(result.answers)
  expect(Math.abs(first - second)).toBeLessThanOrEqual(1)
})

test('askQuestions() counts answers that are wrong and questions that nobody answered', async () => {
  const port = await serve((_, count) => (count === 0 ? undefined : count === 1 ? 2 : 0))
  const result = await askQuestions({ ...task, port, perSecond: 100 }, atOnce)
  expect(result).toMatchObject({ wrong: 1, lost: 1 })
  expect(result.answers).toBeGreaterThan(3)
})
