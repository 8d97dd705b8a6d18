import type { Pod } from '#api/core/v1'
import { addressAt, formatIP, parseCIDR } from '#machinery'

/** Gives out addresses of pods, per node. */
export class PodAddresses {
  readonly #given = new Map<string, string>()
  readonly #used = new Map<string, Set<string>>()
  readonly #next = new Map<string, number>()

  /** The address of a pod: the one it has, else a free one of the block. */
  take(pod: Pod, key: string, block: string): string {
    const known = this.#given.get(key) ?? pod.status?.podIP
    const used = this.#usedIn(block)
    const address = known ?? this.#free(block, used)
    this.#given.set(key, address)
    used.add(address)
    return address
  }

  release(key: string): void {
    const address = this.#given.get(key)
    if (address === undefined) return
    this.#given.delete(key)
    for (const used of this.#used.values()) used.delete(address)
  }

  #usedIn(block: string): Set<string> {
    const used = this.#used.get(block) ?? new Set()
    this.#used.set(block, used)
    return used
  }

  /** The next one after the last given, so that an address rests before it comes again; 0 and 1 are the network and its gateway. */
  #free(block: string, used: ReadonlySet<string>): string {
    const cidr = parseCIDR(block)
    if (!cidr) throw new TypeError(`simulate pod: "${block}" is no address block`)
    const size = 2 ** Math.min(24, 8 * cidr.base.length - cidr.prefix)
    let at = this.#next.get(block) ?? 2
    for (let tries = 0; tries < size; tries++, at++) {
      if (at >= size - 1) at = 2
      const address = formatIP(addressAt(cidr, at))
      if (used.has(address)) continue
      this.#next.set(block, at + 1)
      return address
    }
    throw new Error(`simulate pod: no address is free in ${block}`)
  }
}
