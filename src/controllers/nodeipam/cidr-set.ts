import { addressAt, cidrContains, cidrsOverlap, formatCIDR } from '#machinery'
import type { CIDR } from '#machinery'

/** Blocks of one size within a larger block, handed out one after the other so that one that was given back rests. */
export class CIDRSet {
  readonly #cluster: CIDR
  readonly #prefix: number
  readonly #size: number
  readonly #used = new Set<number>()
  #next = 0

  /** @throws RangeError when there is no room for blocks, or for more than 65536. */
  constructor(cluster: CIDR, prefix: number) {
    const bits = prefix - cluster.prefix
    if (bits < 0 || bits > 16) {
      throw new RangeError(
        `blocks of ${prefix} bits in ${formatCIDR(cluster)}: got ${bits} bits for them, wanted 0 to 16`,
      )
    }
    this.#cluster = cluster
    this.#prefix = prefix
    this.#size = 2 ** bits
  }

  /** The next free block; `undefined` when all are taken. */
  allocate(): CIDR | undefined {
    if (this.#used.size === this.#size) return undefined
    let index = this.#next
    while (this.#used.has(index)) index = (index + 1) % this.#size
    this.#next = (index + 1) % this.#size
    this.#used.add(index)
    return this.#block(index)
  }

  /** Takes every block that shares addresses with this one. @returns false when none does. */
  occupy(cidr: CIDR): boolean {
    const range = this.#range(cidr)
    if (!range) return false
    for (let index = range.first; index <= range.last; index++) this.#used.add(index)
    return true
  }

  release(cidr: CIDR): void {
    const range = this.#range(cidr)
    if (!range) return
    for (let index = range.first; index <= range.last; index++) this.#used.delete(index)
  }

  #block(index: number): CIDR {
    const { family, base } = this.#cluster
    const bytes = base.slice()
    // The index stands just before the bits of a block.
    let value = index
    for (let bit = this.#prefix - 1; value > 0; bit--, value >>= 1) {
      if (value & 1) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
    }
    return { family, base: bytes, prefix: this.#prefix }
  }

  #range(cidr: CIDR): { readonly first: number; readonly last: number } | undefined {
    if (cidr.family !== this.#cluster.family || !cidrsOverlap(cidr, this.#cluster)) return undefined
    if (cidr.prefix <= this.#cluster.prefix) return { first: 0, last: this.#size - 1 }
    return { first: this.#index(cidr.base), last: this.#index(addressAt(cidr, -1)) }
  }

  #index(address: Uint8Array): number {
    if (!cidrContains(this.#cluster, address)) return 0
    let index = 0
    for (let bit = this.#cluster.prefix; bit < this.#prefix; bit++) {
      index = (index << 1) | (((address[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    }
    return index
  }
}
