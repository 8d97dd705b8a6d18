import { cidrContains, ipFamilyOf, parseCIDR } from '#machinery'
import type { CIDR, IPFamily } from '#machinery'
import { UserError } from '../user-error.ts'

/** Blocks of addresses as flags and settings have them: one, or one for each family, separated by a comma. */
export const blocksOf = (text: string): string[] => text.split(',').map((block) => block.trim())

/** Families of such blocks, the first one being that of everything that has one address only. */
export const familiesOf = (text: string): IPFamily[] => blocksOf(text).map(ipFamilyOf)

/** Bits of the addresses that a node's pods have in common, by family. */
const nodeBits = { IPv4: 24, IPv6: 64 } as const
/** A cluster's block has at most 2^16 of those of nodes. */
const mostNodeBits = 16
/** Bits of addresses without which those that every cluster has have no room: `kubernetes` is the first, the DNS the tenth. */
const leastServiceBits = 4

/**
 * Sees to it that pods and Services have addresses of the same families, and enough of them.
 *
 * @throws UserError that says which block can't be
 */
export function checkBlocks({
  serviceBlock,
  podBlock,
}: {
  readonly serviceBlock: string
  readonly podBlock: string
}): void {
  for (const [what, text] of [
    ['Services', serviceBlock],
    ['pods', podBlock],
  ] as const) {
    const wrong = blocksOf(text).find((block) => parseCIDR(block) === undefined)
    if (wrong !== undefined)
      throw new UserError(
        `${JSON.stringify(wrong)} is no block of addresses for ${what}: take one such as 10.96.0.0/12`,
      )
    if (new Set(familiesOf(text)).size < blocksOf(text).length) {
      throw new UserError(`blocks for ${what} are ${text}, wanted one, or one of IPv4 and one of IPv6`)
    }
  }
  if (familiesOf(serviceBlock).join() !== familiesOf(podBlock).join()) {
    throw new UserError(
      `Services have addresses of ${familiesOf(serviceBlock).join(' and ')}, pods of ${familiesOf(podBlock).join(' and ')}: ` +
        'give --service-cluster-ip-range and --cluster-cidr the same families, in the same order',
    )
  }
  const services = parsed(serviceBlock)
  for (const { text } of services) serviceBlockOf(text)
  for (const { text, cidr } of parsed(podBlock)) {
    const bits = nodeBits[cidr.family]
    if (cidr.prefix > bits || cidr.prefix < bits - mostNodeBits) {
      throw new UserError(
        `${text} can't be shared out among nodes, each of which has a block /${bits} for its pods: ` +
          `give --cluster-cidr one from /${bits - mostNodeBits} to /${bits}`,
      )
    }
    const around = services.find((service) => contains(service.cidr, cidr))
    if (around) {
      throw new UserError(
        `pods would have no addresses, since ${text} lies in ${around.text}, which is for Services: ` +
          'give --service-cluster-ip-range and --cluster-cidr blocks that are apart',
      )
    }
  }
}

/** A block for Services. @throws UserError when it is none, or has no room for those that every cluster has */
export function serviceBlockOf(text: string): CIDR {
  const cidr = parseCIDR(text)
  if (cidr && 8 * cidr.base.length - cidr.prefix >= leastServiceBits) return cidr
  throw new UserError(`${text} has no room for Services: take a larger block, such as 10.96.0.0/12`)
}

const parsed = (blocks: string): { readonly text: string; readonly cidr: CIDR }[] =>
  blocksOf(blocks).flatMap((text) => {
    const cidr = parseCIDR(text)
    return cidr ? [{ text, cidr }] : []
  })

const contains = (outer: CIDR, inner: CIDR): boolean =>
  outer.family === inner.family && outer.prefix <= inner.prefix && cidrContains(outer, inner.base)
