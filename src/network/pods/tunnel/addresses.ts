import { ip, ipQuery } from '../../ip.ts'
import type { Address } from '../../ip.ts'

/** Makes exactly these, each by itself, the addresses of a device. @throws CommandError */
export async function giveAddresses(device: string, addresses: readonly string[], namespace?: string): Promise<void> {
  const links = await ipQuery<Address>(['addr', 'show', 'dev', device, 'scope', 'global'], namespace)
  const present = links.flatMap(({ addr_info }) => addr_info)
  await ip(
    [
      ...present
        .filter(({ local }) => !addresses.includes(local))
        .map(({ local, prefixlen }) => `addr del ${local}/${prefixlen} dev ${device}`),
      ...addresses.map((address) =>
        address.includes(':')
          ? `addr replace ${address}/128 dev ${device} nodad`
          : `addr replace ${address}/32 dev ${device}`,
      ),
    ],
    namespace,
  )
}
