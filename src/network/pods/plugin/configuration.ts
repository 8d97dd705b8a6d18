import { addressAt, formatIP, parseCIDR } from '#machinery'
import { linkPluginType } from './script.ts'

export interface LinkPluginOptions {
  /** Blocks of addresses, one per family at most. */
  readonly podCIDRs: readonly string[]
  /** Folder in which addresses that are in use are noted, by network; a plain path. */
  readonly dataDirectory: string
  readonly network: string
  readonly mtu: number
}

/** Paths that a shell and JSON take as they are. */
export const isPlainPath = (path: string): boolean => /^\/[\w./:@-]+$/.test(path)

/** Numbers of a block's IPv6 addresses that are given out: those that differ in the last two bytes alone. */
const most6 = 0xffff

/** The plugin in a list of plugins: one that makes a pod's link to its node and gives it addresses. @throws Error for what is no block. */
export function linkPluginOf({ podCIDRs, dataDirectory, network, mtu }: LinkPluginOptions): object {
  return {
    type: linkPluginType,
    mtu,
    addresses: `${dataDirectory}/${network}`,
    ...Object.fromEntries(podCIDRs.map(rangeOf)),
  }
}

/**
 * `block prefix gateway first last`: the gateway is the block's first address, pods have those behind it, of IPv4 without the
 * last one, as numbers of 32 bits. Of IPv6 it is the last two bytes; what stands before them comes behind the gateway.
 */
function rangeOf(block: string): readonly ['ipv4' | 'ipv6', string] {
  const cidr = parseCIDR(block)
  if (!cidr) throw new Error(`configure the pod network: ${JSON.stringify(block)} is no block of addresses`)
  const gateway = formatIP(addressAt(cidr, 1))
  const head = [`${formatIP(cidr.base)}/${cidr.prefix}`, cidr.prefix, gateway]
  if (cidr.family === 'IPv6') {
    const size = cidr.prefix > 112 ? 2 ** (128 - cidr.prefix) : 0x10000
    const base = ((cidr.base[14] ?? 0) << 8) | (cidr.base[15] ?? 0)
    const names = gateway.slice(0, gateway.lastIndexOf(':') + 1)
    return ['ipv6', [...head, names, base + 2, Math.min(base + size - 1, most6)].join(' ')]
  }
  return ['ipv4', [...head, numberOf(addressAt(cidr, 2)), numberOf(addressAt(cidr, -2))].join(' ')]
}

const numberOf = (address: Uint8Array): number => address.reduce((sum, byte) => sum * 256 + byte, 0)
