import type { NodeCondition } from '#api/core/v1'

/** How much of a zone is ill. */
export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

export interface EvictionRates {
  /** Nodes per second that are tainted in a healthy zone. */
  readonly rate: number
  /** The same in a zone of which a large part is ill. */
  readonly secondaryRate: number
  /** Zones of at most so many nodes come to a halt instead. */
  readonly largeZone: number
  /** Share of ill nodes from which a zone counts as disrupted. */
  readonly unhealthyShare: number
}

export const defaultRates: EvictionRates = { rate: 0.1, secondaryRate: 0.01, largeZone: 50, unhealthyShare: 0.55 }

export function zoneState(conditions: readonly (NodeCondition | undefined)[], rates: EvictionRates): ZoneState {
  const ready = conditions.filter((condition) => condition?.status === 'True').length
  const ill = conditions.length - ready
  if (ready === 0 && ill > 0) return 'FullDisruption'
  return ill > 2 && ill / conditions.length >= rates.unhealthyShare ? 'PartialDisruption' : 'Normal'
}

export function rateOf(state: ZoneState, nodes: number, rates: EvictionRates): number {
  if (state !== 'PartialDisruption') return rates.rate
  return nodes > rates.largeZone ? rates.secondaryRate : 0
}

/**
 * Nodes of a zone that wait for their NoExecute taint, one by one at the zone's rate: an outage of the network must not
 * end the work of all nodes at once. A node that had its turn is remembered until it is well again.
 */
export class TaintQueue {
  readonly #waiting = new Set<string>()
  readonly #known = new Set<string>()
  #rate: number
  #nextAt = 0

  constructor(rate: number) {
    this.#rate = rate
  }

  add(node: string): void {
    if (this.#known.has(node)) return
    this.#known.add(node)
    this.#waiting.add(node)
  }

  remove(node: string): void {
    this.#known.delete(node)
    this.#waiting.delete(node)
  }

  /** Nodes per second; 0 is a halt. A turn that was taken at the old rate counts at the new one. */
  setRate(rate: number, now: number): void {
    if (rate === this.#rate) return
    if (this.#nextAt > now || this.#rate === 0) this.#nextAt = rate > 0 ? now + 1000 / rate : now
    this.#rate = rate
  }

  /** Nodes that wait, in order. */
  waiting(): readonly string[] {
    return [...this.#waiting]
  }

  /** Takes a turn, if the rate has one left. */
  takeTurn(now: number): boolean {
    if (this.#rate === 0 || now < this.#nextAt) return false
    this.#nextAt = now + 1000 / this.#rate
    return true
  }

  /** The node's turn is over. */
  done(node: string): void {
    this.#waiting.delete(node)
  }
}
