import type { HostPattern } from './routing.ts'

const anyHost: HostPattern = { type: 'any' }

/**
 * Reads a host as the APIs write it: empty for any, with `*.` for what is below.
 *
 * @param wildcard how much a `*` stands for: one label in Ingresses, any number in Gateways.
 */
export function hostPattern(host: string, wildcard: 'label' | 'suffix'): HostPattern {
  const name = host.toLowerCase()
  if (name === '') return anyHost
  return name.startsWith('*.') ? { type: wildcard, domain: name.slice(2) } : { type: 'exact', name }
}

/** The same for the same pattern. */
export const hostKey = (host: HostPattern): string =>
  host.type === 'any' ? '' : host.type === 'exact' ? host.name : `${host.type}:${host.domain}`
