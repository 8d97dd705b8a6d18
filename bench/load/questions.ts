import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { Latencies } from './latencies.ts'
import type { Gate, QuestionsResult, QuestionsTask } from './tasks.ts'
import { until } from './until.ts'

/** Milliseconds after which a question is given up. */
const patienceMs = 2000

/** Milliseconds between two looks at what is due. */
const tickMs = 1

const types = { A: 1, AAAA: 28, SRV: 33 } as const

/** A question as a client sends it: recursion desired, without EDNS; the first two bytes are its number. */
export function encodeQuestion({ name, type }: QuestionsTask['questions'][number]): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]))
  const head = Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, types[type], 0, 1])])
}

/** One socket, with when each of its questions was sent, by their numbers; 0 is nothing. */
class Line {
  readonly socket: Socket = createSocket('udp4')
  readonly sentAt: Float64Array = new Float64Array(0x10000)
  underWay = 0
  #number = 0

  send(question: Buffer, now: number): void {
    // The socket keeps the bytes until it has sent them, so each question has its own.
    const message = Buffer.from(question)
    const number = (this.#number = (this.#number + 1) & 0xffff)
    message.writeUInt16BE(number)
    this.sentAt[number] = now
    this.underWay++
    this.socket.send(message)
  }
}

/** Asks a DNS server by UDP: so many questions at a time, or so many a second. */
export async function askQuestions(task: QuestionsTask, gate: Gate): Promise<QuestionsResult> {
  const { host, port, ms, atOnce, perSecond, sockets, expected } = task
  const questions = task.questions.map(encodeQuestion)
  const times = new Latencies()
  let [asked, begin, wrong, lost] = [0, 0, 0, 0]
  const goesOn = (now: number): boolean => now - begin < ms
  const ask = (line: Line, now: number): void => {
    line.send(questions[asked++ % questions.length] as Buffer, now)
  }
  const lines = await Promise.all(
    Array.from({ length: sockets }, async () => {
      const line = new Line()
      line.socket.on('message', (answer) => {
        const number = answer.readUInt16BE(0)
        const since = line.sentAt[number] ?? 0
        if (since === 0) return
        line.sentAt[number] = 0
        line.underWay--
        const now = performance.now()
        times.add(now - since)
        if (!expected.includes((answer[3] ?? 0) & 0xf)) wrong++
        if (perSecond === undefined && goesOn(now)) ask(line, now)
      })
      await new Promise<void>((resolve, reject) => {
        line.socket.once('error', reject)
        line.socket.connect(port, host, () => resolve())
      })
      line.socket.on('error', () => wrong++)
      return line
    }),
  )
  /** Gives up what is late; where so many are under way at a time, others take its place. */
  const giveUp = (now: number): void => {
    for (const line of lines) {
      for (let number = 0; line.underWay > 0 && number < 0x10000; number++) {
        const since = line.sentAt[number] ?? 0
        if (since === 0 || now - since < patienceMs) continue
        line.sentAt[number] = 0
        line.underWay--
        lost++
        if (perSecond === undefined && goesOn(now)) ask(line, now)
      }
    }
  }
  try {
    await gate()
    begin = performance.now()
    let looked = begin
    if (perSecond === undefined) {
      for (const line of lines) for (let i = 0; i < atOnce; i++) ask(line, begin)
    }
    for (let now = begin; goesOn(now); now = performance.now()) {
      if (perSecond !== undefined) {
        const due = Math.ceil(((now - begin) / 1000) * perSecond) - asked
        for (let i = 0; i < due; i++) {
          ask(lines[asked % lines.length] as Line, performance.now())
        }
      }
      if (now - looked > patienceMs) giveUp((looked = now))
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
    const seconds = (performance.now() - begin) / 1000
    const answeredInTime = times.count
    await until(() => {
      giveUp(performance.now())
      return lines.every(({ underWay }) => underWay === 0)
    })
    const [p50 = 0, p99 = 0] = times.quantiles([0.5, 0.99])
    return { answers: times.count, answersPerSecond: answeredInTime / seconds, p50, p99, wrong, lost }
  } finally {
    for (const { socket } of lines) socket.close()
  }
}
