import type { Place } from './level.ts'
import type { Work } from './work.ts'
import { amountOf, seatsOf } from './work.ts'

/** A request that waits for its turn. */
export interface Waiting {
  readonly work: Work
  readonly place: Place
  /** Virtual time at which it came. */
  readonly arrival: number
  /** Its turn has come. */
  serve(): void
}

/** One of a level's queues, with its place in virtual time. */
export class FlowQueue {
  readonly #waiting: Waiting[] = []
  /** Virtual time at which its next request is to begin. */
  nextStart = 0
  /** Sum of what waits, in seat milliseconds. */
  amount = 0
  /** Seats that wait. */
  seatsWaiting = 0
  /** Of those, what is taken while requests are served. */
  initialSeatsWaiting = 0
  executing = 0
  seatsInUse = 0

  get length(): number {
    return this.#waiting.length
  }

  get first(): Waiting | undefined {
    return this.#waiting[0]
  }

  get active(): boolean {
    return this.#waiting.length > 0 || this.executing > 0
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#count(waiting, 1)
  }

  /** Whether it was still waiting. */
  remove(waiting: Waiting): boolean {
    const index = this.#waiting.indexOf(waiting)
    if (index < 0) return false
    this.#waiting.splice(index, 1)
    this.#count(waiting, -1)
    return true
  }

  #count({ work }: Waiting, sign: 1 | -1): void {
    this.amount += sign * amountOf(work)
    this.seatsWaiting += sign * seatsOf(work)
    this.initialSeatsWaiting += sign * work.initialSeats
  }

  /** How many are before a request; -1 when it does not wait here. */
  positionOf(place: Place): number {
    return this.#waiting.findIndex((waiting) => waiting.place === place)
  }

  /**
   * A queue that always has little to do must not save up a right to be first: nothing begins, in virtual time, before it
   * came.
   */
  bound(): void {
    const { first } = this
    if (first && this.nextStart < first.arrival) this.nextStart = first.arrival
  }
}
