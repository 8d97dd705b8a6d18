import type { Clock } from '#base'
import type { ApiResponse } from '#client'
import { badRequest, DurationError, durationMillis, timeout } from '#machinery'

/**
 * The time that a request gives itself by its `timeout` parameter, in milliseconds, at most `longest`.
 * @throws StatusError BadRequest when it is no duration
 */
export function requestLimit(query: URLSearchParams, longest: number): number {
  const value = query.get('timeout')
  if (value === null || value === '') return longest
  try {
    const wanted = durationMillis(value)
    return wanted > 0 && wanted < longest ? wanted : longest
  } catch (error) {
    if (!(error instanceof DurationError)) throw error
    throw badRequest(`invalid timeout specified in the request URL - ${error.message}`)
  }
}

interface Waiting {
  readonly due: number
  readonly expire: () => void
}

const sweep = 1000

/**
 * Ends the wait for answers that take too long; the work behind them goes on. Requests with the full time are in order
 * of their deadlines, so one timer looks after them all; it runs only while there are some.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #longest: number
  readonly #waiting = new Set<Waiting>()
  #running = false

  /** @param longest milliseconds that a request may take. */
  constructor(clock: Clock, longest: number) {
    this.#clock = clock
    this.#longest = longest
  }

  /** The answer, or that it did not come in time; `late` makes the latter. */
  within(limit: number, answer: Promise<ApiResponse>, late: (error: Error) => ApiResponse): Promise<ApiResponse> {
    return new Promise((resolve, reject) => {
      const expire = (): void => resolve(late(timeout('request did not complete within the allotted timeout', 0)))
      const cancel = limit === this.#longest ? this.#sweptAt(expire) : this.#clock.timer(limit, expire)
      answer.finally(cancel).then(resolve, reject)
    })
  }

  #sweptAt(expire: () => void): () => void {
    const waiting = { due: this.#clock.monotonic() + this.#longest, expire }
    this.#waiting.add(waiting)
    if (!this.#running) this.#schedule()
    return () => this.#waiting.delete(waiting)
  }

  #schedule(): void {
    this.#running = true
    this.#clock.timer(sweep, () => {
      const now = this.#clock.monotonic()
      for (const waiting of this.#waiting) {
        if (waiting.due > now) break
        this.#waiting.delete(waiting)
        waiting.expire()
      }
      if (this.#waiting.size > 0) this.#schedule()
      else this.#running = false
    })
  }
}
