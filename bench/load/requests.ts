import { Connection } from './connection.ts'
import { Latencies } from './latencies.ts'
import { EncodedRequest } from './request.ts'
import type { Gate, RequestsResult, RequestsTask } from './tasks.ts'

/** @throws Error when a connection ends. */
export async function sendRequests(task: RequestsTask, gate: Gate): Promise<RequestsResult> {
  const { endpoint, request, connections, ms, most = Infinity } = task
  const times = new Latencies()
  let [number, sent, bytes, failed] = [task.from ?? 0, 0, 0, 0]
  let begin = 0
  let open = connections
  let finish: () => void
  let fail: (error: Error) => void
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const encoded = new EncodedRequest(endpoint, request)
      let sentAt = 0
      const sink = {
        end(status: number, length: number): void {
          times.add(performance.now() - sentAt)
          bytes += length
          if (status >= 300) failed++
          next()
        },
      }
      const connection = await Connection.open(endpoint, sink, (error) => fail(error))
      const next = (): void => {
        const now = performance.now()
        if (now - begin >= ms || sent >= most) {
          if (--open === 0) finish()
          return
        }
        sentAt = now
        sent++
        connection.send(encoded.with(number++))
      }
      return { connection, next }
    }),
  )
  try {
    await gate()
    begin = performance.now()
    for (const { next } of clients) next()
    await finished
    const seconds = (performance.now() - begin) / 1000
    const [p50 = 0, p99 = 0] = times.quantiles([0.5, 0.99])
    return { requests: times.count, seconds, p50, p99, bytes, failed }
  } finally {
    for (const { connection } of clients) connection.close()
  }
}
