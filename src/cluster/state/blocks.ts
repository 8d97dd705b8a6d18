import { ipFamilyOf, parseCIDR } from '#machinery'
import type { IPFamily } from '#machinery'
import { UserError } from '../user-error.ts'

/** Blocks of addresses as flags and settings have them: one, or one for each family, separated by a comma. */
export const blocksOf = (text: string): string[] => text.split(',').map((block) => block.trim())

/** Families of such blocks, the first one being that of everything that has one address only. */
export const familiesOf = (text: string): IPFamily[] => blocksOf(text).map(ipFamilyOf)

/**
 * Sees to it that pods and Services have addresses of the same families.
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
}
