import { Connection } from './connection.ts'
import type { Endpoint } from './endpoint.ts'
import { EncodedRequest } from './request.ts'
import type { RequestTemplate } from './request.ts'

/** Sends requests one by one on a connection of its own. */
export class Writer {
  readonly #connection: Connection
  readonly #request: EncodedRequest
  readonly #answers: { resolve: (status: number) => void }

  private constructor(connection: Connection, request: EncodedRequest, answers: { resolve: (status: number) => void }) {
    this.#connection = connection
    this.#request = request
    this.#answers = answers
  }

  static async open(endpoint: Endpoint, request: RequestTemplate, onFailure: (error: Error) => void): Promise<Writer> {
    const answers: { resolve: (status: number) => void } = { resolve: () => {} }
    const connection = await Connection.open(endpoint, { end: (status) => answers.resolve(status) }, onFailure)
    return new Writer(connection, new EncodedRequest(endpoint, request), answers)
  }

  /** @returns the answer's status. */
  write(number: number): Promise<number> {
    return new Promise((resolve) => {
      this.#answers.resolve = resolve
      this.#connection.send(this.#request.with(number))
    })
  }

  close(): void {
    this.#connection.close()
  }
}

export interface WriteAll {
  readonly writers: readonly Writer[]
  readonly from: number
  readonly count: number
  /** Milliseconds from one write to the next; 0 sends the next when the one before is answered. */
  readonly everyMs: number
  /** Told before the write of an index is sent. */
  readonly onSend?: (index: number) => void
}

/** @returns how many answers had a status from 300. */
export async function writeAll({ writers, from, count, everyMs, onSend }: WriteAll): Promise<number> {
  let [next, failed] = [0, 0]
  const begin = performance.now()
  await Promise.all(
    writers.map(async (writer) => {
      while (next < count) {
        const index = next++
        const early = begin + index * everyMs - performance.now()
        if (everyMs > 0 && early > 0) await new Promise((resolve) => setTimeout(resolve, early))
        onSend?.(index)
        if ((await writer.write(from + index)) >= 300) failed++
      }
    }),
  )
  return failed
}
