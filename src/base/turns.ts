import type { Clock } from './clock/clock.ts'
import type { Pause } from './steps.ts'
import { TurnQueue } from './turn-queue.ts'

/** Milliseconds that work on many objects may take before others get their turn, and objects between looks at the clock. */
const longestSlice = 5
const objectsPerLook = 8

/** A stretch of work on many objects in which nobody else has a turn. */
export class Slice {
  readonly #clock: Clock
  #count = 0
  #until: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#until = clock.monotonic() + longestSlice
  }

  /** Asked for each object: whether it is time for others. */
  isOver(): boolean {
    return ++this.#count % objectsPerLook === 0 && this.#clock.monotonic() >= this.#until
  }

  /** The next one begins. */
  begin(): void {
    this.#until = this.#clock.monotonic() + longestSlice
  }
}

const queues = new WeakMap<Clock, TurnQueue>()

/** Of all who work on many objects, one has a slice at a time. */
function queueOf(clock: Clock): TurnQueue {
  let queue = queues.get(clock)
  if (!queue) {
    queue = new TurnQueue((callback) => void clock.timer(0, callback))
    queues.set(clock, queue)
  }
  return queue
}

/** Cuts work on many objects into slices, so that nobody waits for all of it. */
export class Turns {
  readonly #slice: Slice
  readonly #queue: TurnQueue

  constructor(clock: Clock) {
    this.#slice = new Slice(clock)
    this.#queue = queueOf(clock)
  }

  /** Called for each object: what to wait for, if the slice is over. */
  next(): Promise<void> | undefined {
    return this.#slice.isOver() ? this.#pause() : undefined
  }

  async #pause(): Promise<void> {
    await this.#queue.next()
    this.#slice.begin()
  }
}

/** Bytes of a body or an object from which on writing it takes more than a slice. */
const largeBytes = 128 * 1024

/** Pauses between the steps of a write of so many bytes; `undefined` where it is too small to need any. */
export function pauseFor(bytes: number, clock: Clock): Pause | undefined {
  return bytes < largeBytes ? undefined : pausesOf(clock)
}

/** Pauses between the steps of work that begins now, each when a slice of time is over. */
export function pausesOf(clock: Clock): Pause {
  let until = clock.monotonic() + longestSlice
  const pause = async (): Promise<void> => {
    await queueOf(clock).next()
    until = clock.monotonic() + longestSlice
  }
  return () => (clock.monotonic() >= until ? pause() : undefined)
}
