import { addAbortListener, keepable, removeAbortListener } from '#base'
import type { Clock } from '#base'
import { dealHand } from './hand.ts'
import { Integrator } from './integrator.ts'
import { FlowQueue } from './queue.ts'
import type { Waiting } from './queue.ts'
import { amountOf, guessedMs, seatsOf } from './work.ts'
import { LevelUse } from './time-ratio.ts'
import type { Work } from './work.ts'

export interface QueuingRules {
  readonly queues: number
  readonly handSize: number
  readonly queueLengthLimit: number
}

/** Why a request was turned away; the names are those of the metrics. */
export type Rejection = 'concurrency-limit' | 'queue-full' | 'time-out' | 'cancelled'

/** Hears where a request waits. */
export interface Place {
  /** @param length of the queue, with this request. */
  enqueued(queue: number, length: number): void
}

/** Seats that a request has. */
export interface Occupied {
  /** The request is over: its seats are free, now or when its consequences are dealt with. */
  leave(): void
}

/** For how long a request waits, until what, and who hears of it. */
interface Patience {
  readonly waitMs: number
  readonly signal: AbortSignal
  readonly place: Place
}

/** Flows whose hands are remembered. */
const rememberedHands = 4096

/**
 * One priority level: so many seats, and queues for who comes when they are taken. Requests that find a seat at once pass
 * without a look at the queues; these share the seats fairly among flows, as KEP-1040 has it, when seats are scarce.
 */
export class PriorityLevel {
  readonly demand: Integrator
  readonly use: LevelUse
  readonly rejected: { [reason in Rejection]: number } = {
    'concurrency-limit': 0,
    'queue-full': 0,
    'time-out': 0,
    cancelled: 0,
  }
  dispatched = 0
  readonly #clock: Clock
  readonly #hands = new Map<string, readonly number[]>()
  #limit = Infinity
  #queuing: QueuingRules | undefined
  #queues: FlowQueue[] = []
  #executing = 0
  #seatsInUse = 0
  #waiting = 0
  #seatsWaiting = 0
  #turn = 0
  /** Virtual time: work that every busy queue could have had done, in seat milliseconds. */
  #virtual = 0
  #virtualAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#virtualAt = clock.monotonic()
    this.demand = new Integrator(clock)
    this.use = new LevelUse(this.#virtualAt)
  }

  get seatsInUse(): number {
    return this.#seatsInUse
  }

  get executing(): number {
    return this.#executing
  }

  get waiting(): number {
    return this.#waiting
  }

  get limit(): number {
    return this.#limit
  }

  get queues(): readonly FlowQueue[] {
    return this.#queues
  }

  /** Infinite seats for the exempt. */
  setLimit(seats: number): void {
    this.#passTime()
    this.#limit = seats
    if (seats !== Infinity) this.use.seats.setWhole(seats, this.#virtualAt)
    this.#dispatch()
  }

  /** What its use is told as a part of. @param nominal seats of the level by its shares */
  setNominal(nominal: number): void {
    const now = this.#clock.monotonic()
    const { queues = 0, queueLengthLimit = 0 } = this.#queuing ?? {}
    this.use.demand.setWhole(nominal, now)
    this.use.executing.setWhole(nominal, now)
    this.use.waiting.setWhole(queues * queueLengthLimit, now)
    if (this.#limit === Infinity) this.use.seats.setWhole(nominal, now)
  }

  /** Without rules, who finds no seat is turned away. */
  setQueuing(rules: QueuingRules | undefined): void {
    const same =
      rules?.queues === this.#queuing?.queues &&
      rules?.handSize === this.#queuing?.handSize &&
      rules?.queueLengthLimit === this.#queuing?.queueLengthLimit
    if (same) return
    this.#queuing = rules
    this.#hands.clear()
    const wanted = rules?.queues ?? 0
    for (let count = this.#queues.length; count < wanted; count++) this.#queues.push(new FlowQueue())
  }

  /**
   * Asks for seats.
   * @param flow tells whose requests are to share fairly; asked only when it matters
   * @param waitMs for how long to wait at most
   */
  enter(
    work: Work,
    flow: () => string,
    waitMs: number,
    signal: () => AbortSignal,
    place: Place,
  ): Occupied | Rejection | Promise<Occupied | Rejection> {
    const free = !this.#queuing || this.#seatsInUse < this.#limit
    if (free && this.#waiting === 0 && this.#fits(seatsOf(work))) return this.#occupy(work, undefined)
    if (!this.#queuing) return this.#reject('concurrency-limit')
    return this.#enqueue(work, flow(), this.#queuing, { waitMs, signal: signal(), place })
  }

  #fits(seats: number): boolean {
    // What is wider than the level has it for itself.
    if (seats > this.#limit) return this.#executing === 0
    return this.#seatsInUse + seats <= this.#limit
  }

  #reject(reason: Rejection): Rejection {
    this.rejected[reason]++
    return reason
  }

  #occupy(work: Work, queue: FlowQueue | undefined): Occupied {
    const seats = seatsOf(work)
    this.dispatched++
    this.#executing++
    this.#seatsInUse += seats
    this.#noteDemand()
    if (!queue) return new Seats(() => this.#leave(work, seats))
    const began = this.#clock.monotonic()
    queue.executing++
    queue.seatsInUse += seats
    queue.nextStart += amountOf(work)
    return new Seats(() => this.#leaveQueue(work, seats, queue, began))
  }

  #noteDemand(): void {
    const wanted = this.#seatsInUse + this.#seatsWaiting
    const now = this.demand.set(wanted)
    this.use.demand.set(wanted, now)
    this.use.seats.set(this.#seatsInUse, now)
    this.use.executing.set(this.#executing, now)
    this.use.waiting.set(this.#waiting, now)
  }

  #leave(work: Work, seats: number): void {
    this.#executing--
    this.#release(work, () => {
      this.#seatsInUse -= seats
      this.#noteDemand()
      if (this.#waiting > 0) this.#dispatch()
    })
  }

  #leaveQueue(work: Work, seats: number, queue: FlowQueue, began: number): void {
    this.#passTime()
    this.#executing--
    queue.executing--
    // Now it is known how long it took.
    queue.nextStart -= work.initialSeats * (guessedMs - (this.#clock.monotonic() - began))
    queue.bound()
    this.#release(work, () => {
      this.#passTime()
      queue.seatsInUse -= seats
      this.#seatsInUse -= seats
      this.#noteDemand()
      this.#dispatch()
    })
  }

  #release({ additionalMs }: Work, free: () => void): void {
    if (additionalMs > 0) this.#clock.timer(additionalMs, free)
    else free()
  }

  async #enqueue(
    work: Work,
    flow: string,
    rules: QueuingRules,
    { waitMs, signal, place }: Patience,
  ): Promise<Occupied | Rejection> {
    this.#passTime()
    const queue = this.#choose(flow, rules)
    if (!queue || (this.#seatsInUse >= this.#limit && queue.length >= rules.queueLengthLimit))
      return this.#reject('queue-full')
    if (!queue.active) queue.nextStart = this.#virtual
    return new Promise((resolve) => {
      const end = (outcome: Occupied | Rejection): void => {
        cancelTimer()
        removeAbortListener(signal, onAbort)
        resolve(outcome)
      }
      const waiting: Waiting = {
        work,
        place,
        arrival: this.#virtual,
        serve: () => end(this.#occupy(work, queue)),
      }
      const giveUp = (reason: Rejection): void => {
        this.#passTime()
        if (!this.#remove(queue, waiting)) return
        queue.bound()
        this.#noteDemand()
        end(this.#reject(reason))
      }
      const onAbort = (): void => giveUp('cancelled')
      const cancelTimer = this.#clock.timer(waitMs, () => giveUp('time-out'))
      addAbortListener(signal, onAbort)
      queue.push(waiting)
      place.enqueued(this.#queues.indexOf(queue), queue.length)
      this.#waiting++
      this.#seatsWaiting += seatsOf(work)
      queue.bound()
      this.#noteDemand()
      this.#dispatch()
    })
  }

  #remove(queue: FlowQueue, waiting: Waiting): boolean {
    if (!queue.remove(waiting)) return false
    this.#waiting--
    this.#seatsWaiting -= seatsOf(waiting.work)
    return true
  }

  /** The queue of the flow's hand with the least to do. The hand is looked at from another end each time. */
  #choose(flow: string, { queues, handSize }: QueuingRules): FlowQueue | undefined {
    let hand = this.#hands.get(flow)
    if (!hand) {
      hand = dealHand(flow, queues, handSize)
      const kept = keepable(flow)
      if (this.#hands.size >= rememberedHands) this.#hands.clear()
      if (kept !== undefined) this.#hands.set(kept, hand)
    }
    const offset = this.#turn++
    let best: FlowQueue | undefined
    for (let index = 0; index < hand.length; index++) {
      const queue = this.#queues[hand[(offset + index) % hand.length] ?? 0]
      if (queue && (!best || queue.amount < best.amount)) best = queue
    }
    return best
  }

  /** Virtual time runs faster the more seats there are for each queue that has something to do. */
  #passTime(): void {
    const now = this.#clock.monotonic()
    const passed = now - this.#virtualAt
    this.#virtualAt = now
    let active = 0
    let seats = 0
    for (const queue of this.#queues) {
      if (!queue.active) continue
      active++
      seats += queue.seatsInUse + queue.seatsWaiting
    }
    if (active > 0) this.#virtual += (Math.min(seats, this.#limit) / active) * passed
  }

  /** Serves who waits while there are seats: always the request that would be done first in virtual time. */
  #dispatch(): void {
    while (this.#waiting > 0 && this.#seatsInUse < this.#limit) {
      const queue = this.#next()
      const first = queue?.first
      // Nobody overtakes a wide request, or it would wait for ever.
      if (!queue || !first || !this.#fits(seatsOf(first.work))) return
      this.#remove(queue, first)
      first.serve()
      queue.bound()
    }
  }

  #next(): FlowQueue | undefined {
    let best: FlowQueue | undefined
    let bestEnd = Infinity
    for (const queue of this.#queues) {
      if (!queue.first) continue
      const end = queue.nextStart + amountOf(queue.first.work)
      if (end < bestEnd) {
        bestEnd = end
        best = queue
      }
    }
    return best
  }
}

/** Seats are left once, however often it is said. */
class Seats implements Occupied {
  #free: (() => void) | undefined

  constructor(free: () => void) {
    this.#free = free
  }

  leave(): void {
    const free = this.#free
    this.#free = undefined
    free?.()
  }
}
