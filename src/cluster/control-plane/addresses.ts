import { hostname } from 'node:os'
import { addressAt, formatIP } from '#machinery'
import { blocksOf, serviceBlockOf } from '../state/blocks.ts'

/** Addresses of Services that have their place in every cluster. */
export interface WellKnownAddresses {
  /** Of the API server: `10.96.0.1`. */
  readonly kubernetes: string
  /** Of the cluster DNS: `10.96.0.10`. */
  readonly dns: string
}

/**
 * Those of the first family.
 *
 * @throws UserError when the block has no room for them.
 */
export function wellKnownAddresses(serviceBlocks: string): WellKnownAddresses {
  const [first = ''] = blocksOf(serviceBlocks)
  const cidr = serviceBlockOf(first)
  return { kubernetes: formatIP(addressAt(cidr, 1)), dns: formatIP(addressAt(cidr, 10)) }
}

/** Names and addresses under which the API server is reached, for its certificate. */
export function apiServerNames(
  domain: string,
  addresses: readonly string[],
): { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] } {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${domain}`]
  return {
    dnsNames: [...new Set(['localhost', hostname().toLowerCase(), ...service])],
    ipAddresses: [...new Set(['127.0.0.1', '::1', ...addresses])],
  }
}
