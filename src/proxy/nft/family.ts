import type { IPFamily } from '#machinery'
import type { Protocol } from '#proxy'

/** How nftables spells a family. */
export interface FamilyWords {
  /** Table family and payload prefix: `ip`, `ip6`. */
  readonly ip: 'ip' | 'ip6'
  /** Data type of addresses. */
  readonly address: 'ipv4_addr' | 'ipv6_addr'
  readonly loopback: string
}

export const familyWords: { readonly [family in IPFamily]: FamilyWords } = {
  IPv4: { ip: 'ip', address: 'ipv4_addr', loopback: '127.0.0.0/8' },
  IPv6: { ip: 'ip6', address: 'ipv6_addr', loopback: '::1' },
}

export type ProtocolWord = 'tcp' | 'udp' | 'sctp'

export const protocolWords: { readonly [protocol in Protocol]: ProtocolWord } = {
  TCP: 'tcp',
  UDP: 'udp',
  SCTP: 'sctp',
}
