import { Connection } from './connection.ts'
import { Latencies } from './latencies.ts'
import { EncodedRequest } from './request.ts'
import type { Gate, MixedResult, MixedStream, MixedTask } from './tasks.ts'

/** Milliseconds between two looks at what is due. */
const tickMs = 1

/** A kind of request and the connections that it has for itself. */
class Stream {
  readonly times = new Latencies()
  failed = 0
  readonly #stream: MixedStream
  readonly #from: number
  readonly #idle: ((due: number) => void)[] = []
  #connections: Connection[] = []
  #sent = 0
  #underWay = 0

  constructor(stream: MixedStream, from: number) {
    this.#stream = stream
    this.#from = from
  }

  async open({ endpoint }: MixedTask, onFailure: (error: Error) => void): Promise<void> {
    const { connections, request } = this.#stream
    this.#connections = await Promise.all(
      Array.from({ length: connections }, async () => {
        const encoded = new EncodedRequest(endpoint, request)
        let due = 0
        const sink = {
          end: (status: number): void => {
            this.times.add(performance.now() - due)
            if (status >= 300) this.failed++
            this.#underWay--
            this.#idle.push(send)
          },
        }
        const connection = await Connection.open(endpoint, sink, onFailure)
        const send = (since: number): void => {
          due = since
          this.#underWay++
          connection.send(encoded.with(this.#from + this.#sent++))
        }
        this.#idle.push(send)
        return connection
      }),
    )
  }

  /** Sends what is due by now. Who has to wait for a connection waits for the answer already. */
  send(begin: number, now: number): void {
    const everyMs = 1000 / this.#stream.perSecond
    for (;;) {
      const due = begin + this.#sent * everyMs
      const send = due <= now ? this.#idle.pop() : undefined
      if (!send) return
      // Up to a tick it is late because of us.
      send(now - due <= 2 * tickMs ? performance.now() : due)
    }
  }

  get answered(): boolean {
    return this.#underWay === 0
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }
}

/** Sends requests of several kinds, each as often a second as it says. @throws Error when a connection ends. */
export async function sendMixed(task: MixedTask, gate: Gate): Promise<MixedResult> {
  const failures: Error[] = []
  const streams = task.streams.map((stream) => new Stream(stream, task.from))
  try {
    for (const stream of streams) await stream.open(task, (error) => failures.push(error))
    await gate()
    const begin = performance.now()
    for (let now = begin; now - begin < task.ms && failures.length === 0; now = performance.now()) {
      for (const stream of streams) stream.send(begin, now)
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
    while (failures.length === 0 && streams.some((stream) => !stream.answered)) {
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
    if (failures[0]) throw failures[0]
    return {
      seconds: (performance.now() - begin) / 1000,
      streams: streams.map(({ times, failed }) => {
        const [p50 = 0, p99 = 0] = times.quantiles([0.5, 0.99])
        return { requests: times.count, p50, p99, failed }
      }),
    }
  } finally {
    for (const stream of streams) stream.close()
  }
}
