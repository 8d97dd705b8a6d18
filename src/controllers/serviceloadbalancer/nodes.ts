import type { Node, Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { canonicalIP, ipFamilyOf } from '#machinery'
import { addressesOf, familiesOf, portsOf } from './services.ts'

/** Names of the nodes that have endpoints of a Service which serve. */
export function nodesWithEndpoints(slices: Iterable<EndpointSlice>): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { endpoints } of slices) {
    for (const { nodeName, conditions } of endpoints ?? []) {
      if (nodeName !== undefined && conditions?.ready !== false) names.add(nodeName)
    }
  }
  return names
}

/**
 * Addresses of nodes by which a Service can be reached: those where no other Service has one of its ports.
 *
 * @param others Services that have addresses already.
 */
export function addressesOfNodes(
  service: Service,
  nodes: Iterable<Node>,
  others: Iterable<Service>,
): readonly string[] {
  const families = familiesOf(service)
  const wanted = new Set(portsOf(service))
  const taken = new Set<string>()
  for (const other of others) {
    if (portsOf(other).some((port) => wanted.has(port))) for (const address of addressesOf(other)) taken.add(address)
  }
  const found = new Set<string>()
  for (const { status } of nodes) {
    const own = status?.addresses ?? []
    // Whoever comes from outside takes the address for that, where a node has one.
    const external = own.filter(({ type }) => type === 'ExternalIP')
    const usable = external.length > 0 ? external : own.filter(({ type }) => type === 'InternalIP')
    for (const { address } of usable) {
      const canonical = canonicalIP(address)
      if (canonical !== undefined && families.includes(ipFamilyOf(canonical)) && !taken.has(canonical)) {
        found.add(canonical)
      }
    }
  }
  return [...found].sort()
}
