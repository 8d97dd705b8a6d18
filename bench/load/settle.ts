import { Connection } from './connection.ts'
import { AddedCounter } from './added-counter.ts'
import { EncodedRequest } from './request.ts'
import type { Gate, SettleResult, SettleTask } from './tasks.ts'
import { until } from './until.ts'
import { writeAll, Writer } from './writers.ts'

/** @throws Error when a connection ends. */
export async function settleObjects(task: SettleTask, gate: Gate): Promise<SettleResult> {
  const { endpoint, objects, create } = task
  let counter = new AddedCounter()
  /** Settled objects of which the first piece that had any told, and when it came. */
  let [first, firstAt, last] = [0, 0, 0]
  let failure: Error | undefined
  const onFailure = (error: Error): void => {
    failure = error
  }
  const sink = {
    body(buffer: Buffer, from: number, to: number): void {
      const before = counter.count
      counter.push(buffer, from, to)
      if (counter.count === before) return
      last = performance.now()
      if (firstAt === 0) [first, firstAt] = [counter.count, last]
    },
    // Servers end watches that lag behind. The next one begins with all that have settled.
    end(status: number): void {
      if (status >= 300) return onFailure(new Error(`a watch was answered with ${status}`))
      counter = new AddedCounter()
      watch.send(watchRequest.with(0))
    },
  }
  const watchRequest = new EncodedRequest(endpoint, task.watch)
  const watch = await Connection.open(endpoint, sink, onFailure)
  const writers: Writer[] = []
  try {
    watch.send(watchRequest.with(0))
    if (create) {
      for (let i = 0; i < task.writers; i++) writers.push(await Writer.open(endpoint, create, onFailure))
    }
    await gate()
    const begin = performance.now()
    const failed = create ? await writeAll({ writers, from: 0, count: objects, everyMs: 0 }) : 0
    const created = performance.now()
    const wanted = objects - failed
    const isLate = (): boolean => performance.now() - Math.max(created, last) > task.patienceMs
    await until(() => counter.count >= wanted || failure !== undefined || isLate())
    if (failure) throw failure
    return {
      settled: counter.count,
      seconds: (last - begin) / 1000,
      afterFirst: counter.count - first,
      afterFirstSeconds: (last - firstAt) / 1000,
      createdSeconds: (created - begin) / 1000,
      failed,
    }
  } finally {
    for (const connection of [watch, ...writers]) connection.close()
  }
}
