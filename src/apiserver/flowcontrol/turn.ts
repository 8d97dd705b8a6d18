import type { Clock } from '#base'
import type { Headers } from '#client'
import type { FlowClass } from './classify.ts'
import type { Admitted, Asking } from './flow-control.ts'
import type { InFlight, RequestKind } from '../metrics/in-flight.ts'
import type { Occupied, Place } from './level.ts'
import { seatsOf } from './work.ts'
import type { Work } from './work.ts'

const readingVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** One request from when it comes to flow control until it is over. */
export class Turn implements Admitted, Place {
  readonly asking: Asking
  readonly flow: FlowClass
  readonly work: Work
  /** Milliseconds since 1970. */
  readonly arrived: number
  /** 0 while it waits. */
  started = 0
  /** Queue that it waits in, or came from; -1 when it found a seat at once. */
  queue = -1
  readonly #clock: Clock
  readonly #inQueue: InFlight
  #seats: Occupied | undefined

  constructor(clock: Clock, flow: FlowClass, work: Work, asking: Asking, inQueue: InFlight) {
    this.#clock = clock
    this.#inQueue = inQueue
    this.flow = flow
    this.work = work
    this.asking = asking
    this.arrived = clock.now()
    flow.stats.turns.add(this)
  }

  get headers(): Headers {
    return this.flow.headers
  }

  /** It waits behind others of its queue. */
  enqueued(queue: number, length: number): void {
    const { stats } = this.flow
    this.queue = queue
    stats.waiting++
    stats.waitingSeats += seatsOf(this.work)
    stats.queueLength.observe(length)
    this.#inQueue.enter(this.#kind)
  }

  #left(): void {
    if (this.queue < 0) return
    const { stats } = this.flow
    stats.waiting--
    stats.waitingSeats -= seatsOf(this.work)
    this.#inQueue.leave(this.#kind)
  }

  get #kind(): RequestKind {
    return readingVerbs.has(this.asking.info.verb) ? 'readOnly' : 'mutating'
  }

  /** It is served from now on. */
  begin(seats: Occupied): this {
    const { stats } = this.flow
    this.#left()
    this.#seats = seats
    this.started = this.queue < 0 ? this.arrived : this.#clock.now()
    stats.waited.observe((this.started - this.arrived) / 1000)
    stats.dispatched++
    stats.executing++
    stats.executingSeats += seatsOf(this.work)
    stats.seats.observe(seatsOf(this.work))
    return this
  }

  /** It was turned away. */
  refuse(): void {
    const { stats } = this.flow
    this.#left()
    stats.turns.delete(this)
    if (this.queue >= 0) stats.waitedInVain.observe((this.#clock.now() - this.arrived) / 1000)
  }

  leave(): void {
    const seats = this.#seats
    if (!seats) return
    this.#seats = undefined
    const { stats } = this.flow
    stats.turns.delete(this)
    stats.executing--
    stats.executingSeats -= seatsOf(this.work)
    const took = (this.#clock.now() - this.started) / 1000
    if (this.asking.info.verb === 'watch') stats.watched.observe(took)
    else stats.executed.observe(took)
    seats.leave()
  }
}
