import { Connection } from './connection.ts'
import { Latencies } from './latencies.ts'
import { EncodedRequest } from './request.ts'
import type { Gate, WatchResult, WatchTask } from './tasks.ts'
import { until } from './until.ts'
import { writeAll, Writer } from './writers.ts'

const lineFeed = 10
/** Milliseconds without a delivery after which the rest is given up. */
const patienceMs = 10_000

/** Counts what arrives at watchers; each event is a line. @throws Error when a connection ends. */
export async function watchWrites(task: WatchTask, gate: Gate): Promise<WatchResult> {
  const { endpoint, writes } = task
  const expected = task.watchers * writes
  const sentAt = new Float64Array(writes)
  const times = new Latencies()
  let [delivered, bytes, last, counting] = [0, 0, 0, false]
  /** What watchers don't get because the server ended their watches, as it does with those that lag behind. */
  let lost = 0
  let failure: Error | undefined
  const onFailure = (error: Error): void => {
    failure = error
  }
  const inOrder = task.writers === 1
  const request = new EncodedRequest(endpoint, task.watch)
  const openWatcher = async (): Promise<Connection> => {
    let seen = 0
    const connection = await Connection.open(
      endpoint,
      {
        body(buffer, from, to) {
          if (!counting) return
          const now = performance.now()
          bytes += to - from
          for (let at = buffer.indexOf(lineFeed, from); at >= 0 && at < to; at = buffer.indexOf(lineFeed, at + 1)) {
            if (inOrder) times.add(now - (sentAt[seen] ?? now))
            seen++
            delivered++
          }
          last = now
        },
        end(status) {
          if (status >= 300) onFailure(new Error(`a watch was answered with ${status}`))
          else lost += writes - seen
        },
      },
      onFailure,
    )
    connection.send(request.with(0))
    return connection
  }
  const connections: Connection[] = []
  const writers: Writer[] = []
  try {
    // Few at a time: a handshake costs a server far more than a watch.
    while (connections.length < task.watchers) {
      const most = Math.min(32, task.watchers - connections.length)
      connections.push(...(await Promise.all(Array.from({ length: most }, openWatcher))))
    }
    for (let i = 0; i < task.writers; i++) writers.push(await Writer.open(endpoint, task.write, onFailure))
    // Answers to the watches begin with the first event, so nothing tells when they are all served.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await gate()
    counting = true
    const begin = performance.now()
    last = begin
    const failed = await writeAll({
      writers,
      from: task.from,
      count: writes,
      everyMs: task.everyMs,
      onSend: (index) => (sentAt[index] = performance.now()),
    })
    const isLate = (): boolean => performance.now() - last > patienceMs
    await until(() => delivered + lost >= expected || failure !== undefined || isLate())
    if (failure) throw failure
    const [p50 = 0, p99 = 0] = times.quantiles([0.5, 0.99])
    return { delivered, expected, seconds: (last - begin) / 1000, p50, p99, bytes, failed }
  } finally {
    for (const connection of [...connections, ...writers]) connection.close()
  }
}
