import type { Clock } from '#base'
import { gathered } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** The most there were at a time in the second before this one. */
class Watermark {
  #now = 0
  #high = 0
  #told = 0
  #second = 0

  enter(ms: number): void {
    this.#roll(ms)
    this.#now++
    if (this.#now > this.#high) this.#high = this.#now
  }

  leave(ms: number): void {
    this.#roll(ms)
    this.#now--
  }

  value(ms: number): number {
    this.#roll(ms)
    return this.#told
  }

  #roll(ms: number): void {
    const second = Math.floor(ms / 1000)
    if (second === this.#second) return
    this.#told = second === this.#second + 1 ? this.#high : this.#now
    this.#high = this.#now
    this.#second = second
  }
}

export type RequestKind = 'mutating' | 'readOnly'

/** Short requests under way, those that write apart from the others. */
export class InFlight implements FamilySource {
  readonly #clock: Clock
  readonly #kinds: { readonly [kind in RequestKind]: Watermark } = {
    mutating: new Watermark(),
    readOnly: new Watermark(),
  }
  readonly #family: MetricFamily

  constructor(clock: Clock, name: string, help: string) {
    this.#clock = clock
    this.#family = gathered('gauge', name, help, () => {
      const now = clock.monotonic()
      return Object.entries(this.#kinds).map(([kind, mark]) => ({
        labels: { request_kind: kind },
        value: mark.value(now),
      }))
    })
  }

  /** @param now of the monotonic clock, where it is at hand */
  enter(kind: RequestKind, now: number = this.#clock.monotonic()): void {
    this.#kinds[kind].enter(now)
  }

  leave(kind: RequestKind, now: number = this.#clock.monotonic()): void {
    this.#kinds[kind].leave(now)
  }

  families(): readonly MetricFamily[] {
    return [this.#family]
  }
}
