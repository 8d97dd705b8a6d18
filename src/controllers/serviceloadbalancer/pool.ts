import { formatIP, ipBytes, ipFamilyOf, ipNumber, parseIP, parseIPRange } from '#machinery'
import type { IPFamily, IPRange } from '#machinery'

/** Addresses that load balancers have to give away. */
export class AddressPool {
  readonly #ranges: readonly IPRange[]

  /**
   * @param parts blocks (`192.168.1.240/28`), ranges (`192.168.1.200-192.168.1.250`) and single addresses.
   * @throws Error that names the part which is none of these
   */
  constructor(parts: readonly string[]) {
    this.#ranges = parts.map(rangeOf)
  }

  has(address: string): boolean {
    const bytes = parseIP(address)
    if (!bytes) return false
    const [family, number] = [ipFamilyOf(address), ipNumber(bytes)]
    return this.#ranges.some((range) => range.family === family && range.first <= number && number <= range.last)
  }

  /** The first address of a family that nobody has; `undefined` when there is none. */
  free(family: IPFamily, isTaken: (address: string) => boolean): string | undefined {
    for (const range of this.#ranges) {
      if (range.family !== family) continue
      for (let number = range.first; number <= range.last; number++) {
        if (range.first !== range.last && isOdd(family, number)) continue
        const address = formatIP(ipBytes(number, family))
        if (!isTaken(address)) return address
      }
    }
    return undefined
  }

  offers(family: IPFamily): boolean {
    return this.#ranges.some((range) => range.family === family)
  }
}

/** Ends in 0 or 255: on most segments nobody's, and refused by some old devices wherever they are. */
function isOdd(family: IPFamily, number: bigint): boolean {
  const last = number & 0xffn
  return family === 'IPv4' ? last === 0n || last === 0xffn : (number & 0xffffn) === 0n
}

function rangeOf(part: string): IPRange {
  const range = parseIPRange(part)
  if (range) return range
  throw new Error(
    `${JSON.stringify(part)} is no addresses: wanted a block (192.168.1.240/28) or a range (192.168.1.200-192.168.1.250)`,
  )
}
