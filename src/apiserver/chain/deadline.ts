import type { Clock } from '#base'
import type { ApiResponse } from '#client'
import { badRequest, DurationError, durationMillis, encodeText } from '#machinery'

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

/** Says so as the API's clients know it, though it is told beside the API: without a kind. */
export const lateAnswer: ApiResponse = {
  kind: 'bytes',
  code: 504,
  contentType: 'text/plain; charset=utf-8',
  bytes: encodeText(
    `${JSON.stringify({
      metadata: {},
      status: 'Failure',
      message: 'Timeout: request did not complete within the allotted timeout',
      reason: 'Timeout',
      details: {},
      code: 504,
    })}\n`,
  ),
}

const sweep = 1000

/** An answer that is waited for; those with the full time are linked in the order of their deadlines. */
class Waiting {
  readonly due: number
  readonly expire: () => void
  before: Waiting | undefined
  next: Waiting | undefined

  constructor(due: number, expire: () => void) {
    this.due = due
    this.expire = expire
  }
}

/**
 * Ends the wait for answers that take too long; the work behind them goes on. Requests with the full time are in order
 * of their deadlines, so one timer looks after them all; it runs only while there are some.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #longest: number
  #first: Waiting | undefined
  #last: Waiting | undefined
  #running = false

  /** @param longest milliseconds that a request may take. */
  constructor(clock: Clock, longest: number) {
    this.#clock = clock
    this.#longest = longest
  }

  /** The answer, or that it did not come in time; `late` makes the latter. */
  within(limit: number, answer: Promise<ApiResponse>, late: () => ApiResponse): Promise<ApiResponse> {
    return new Promise((resolve, reject) => {
      const expire = (): void => resolve(late())
      if (limit === this.#longest) {
        const waiting = this.#add(expire)
        answer.then(
          (response) => {
            this.#remove(waiting)
            return resolve(response)
          },
          (error: unknown) => {
            this.#remove(waiting)
            reject(error)
          },
        )
      } else answer.finally(this.#clock.timer(limit, expire)).then(resolve, reject)
    })
  }

  #add(expire: () => void): Waiting {
    const waiting = new Waiting(this.#clock.monotonic() + this.#longest, expire)
    waiting.before = this.#last
    if (this.#last) this.#last.next = waiting
    else this.#first = waiting
    this.#last = waiting
    if (!this.#running) this.#schedule()
    return waiting
  }

  /** Takes it out of the line, if it is still in it. */
  #remove(waiting: Waiting): void {
    const { before, next } = waiting
    if (!before && this.#first !== waiting) return
    if (before) before.next = next
    else this.#first = next
    if (next) next.before = before
    else this.#last = before
    waiting.before = waiting.next = undefined
  }

  #schedule(): void {
    this.#running = true
    this.#clock.timer(sweep, () => {
      const now = this.#clock.monotonic()
      for (let waiting = this.#first; waiting && waiting.due <= now; waiting = this.#first) {
        this.#remove(waiting)
        waiting.expire()
      }
      if (this.#first) this.#schedule()
      else this.#running = false
    })
  }
}
