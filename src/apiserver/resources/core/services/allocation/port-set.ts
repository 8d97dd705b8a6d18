import type { Clock } from '#base'
import { bytesOfBase64, encodeBase64 } from '#machinery'
import { AllocationError } from './error.ts'

/** Ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

export const rangeText = ({ first, last }: PortRange): string => `${first}-${last}`

/** Which ports of a range are taken. */
export class PortSet {
  readonly range: PortRange
  readonly #taken: Uint8Array

  constructor(range: PortRange, taken: Uint8Array = new Uint8Array(bytesFor(range))) {
    this.range = range
    this.#taken = taken
  }

  /** What {@link stored} wrote: a number in base 64 whose lowest bit is the first port. */
  static read(range: PortRange, stored: string): PortSet {
    const taken = new Uint8Array(bytesFor(range))
    const number = bytesOfBase64(stored)
    for (let index = 0; index < Math.min(number.length, taken.length); index++)
      taken[index] = number[number.length - 1 - index] ?? 0
    return new PortSet(range, taken)
  }

  stored(): string {
    let length = this.#taken.length
    while (length > 0 && this.#taken[length - 1] === 0) length--
    return encodeBase64(this.#taken.slice(0, length).reverse())
  }

  /** Number of ports that are taken. */
  get size(): number {
    let size = 0
    for (const byte of this.#taken) for (let bits = byte; bits > 0; bits &= bits - 1) size++
    return size
  }

  has(port: number): boolean {
    const at = port - this.range.first
    return this.#holds(port) && ((this.#taken[at >> 3] ?? 0) & (1 << (at & 7))) !== 0
  }

  /** @throws AllocationError when the port is taken, or none of the range */
  take(port: number): void {
    if (!this.#holds(port)) {
      const why = 'provided port is not in the valid range. The range of valid ports is'
      throw new AllocationError(`${why} ${rangeText(this.range)}`)
    }
    if (this.has(port)) throw new AllocationError('provided port is already allocated')
    this.#flip(port)
  }

  /**
   * Takes any port that is free, from a random one on; the first ones of the range are left for who asks for them by
   * number as long as there are others.
   * @throws AllocationError
   */
  takeAny(clock: Clock): number {
    const { first, last } = this.range
    const offset = first + reserved(last - first + 1)
    const port = this.#free(offset, last, clock) ?? this.#free(first, offset - 1, clock)
    if (port === undefined) throw new AllocationError('range is full', true)
    this.#flip(port)
    return port
  }

  release(port: number): void {
    if (this.has(port)) this.#flip(port)
  }

  #free(low: number, high: number, clock: Clock): number | undefined {
    const size = high - low + 1
    const start = Math.floor(clock.random() * size)
    for (let step = 0; step < size; step++) {
      const port = low + ((start + step) % size)
      if (!this.has(port)) return port
    }
    return undefined
  }

  #holds(port: number): boolean {
    return port >= this.range.first && port <= this.range.last
  }

  #flip(port: number): void {
    const at = port - this.range.first
    this.#taken[at >> 3] = (this.#taken[at >> 3] ?? 0) ^ (1 << (at & 7))
  }
}

const bytesFor = ({ first, last }: PortRange): number => (last - first + 8) >> 3

/** Between 16 and 128 ports, a 32nd of the range; none of a small one. */
function reserved(size: number): number {
  if (size <= 16) return 0
  return Math.min(Math.max(16, Math.floor(size / 32)), 128)
}
