import type { Node, Pod, Service } from '#api/core/v1'
import type { Endpoint, EndpointPort } from '#api/discovery/v1'
import { canonicalIP, ipFamilyOf } from '#machinery'
import { hostnameIn } from '../common/endpoints/pods.ts'
import { findPort, sortedByHash } from '../common/endpoints/ports.ts'
import { isPodReady } from '../common/pods/state.ts'
import type { AddressType } from './slices.ts'

const zoneLabel = 'topology.kubernetes.io/zone'

/** Kinds of addresses that a Service's slices have. */
export function addressTypesOf({ spec }: Service): readonly AddressType[] {
  const { ipFamilies = [], clusterIP = '' } = spec
  const families = (['IPv4', 'IPv6'] as const).filter((family) => ipFamilies.includes(family))
  if (families.length > 0) return families
  // An old server does not say: one that has an address is of that family, one that has none of both.
  if (clusterIP !== '' && clusterIP !== 'None') return [ipFamilyOf(clusterIP)]
  return ['IPv4', 'IPv6']
}

/** The ports that a Service has on a pod, in the order of slices. */
export function endpointPorts({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  const ports: EndpointPort[] = []
  for (const each of spec.ports ?? []) {
    const port = findPort(pod, each)
    if (port === undefined) continue
    const { name = '', protocol = 'TCP', appProtocol } = each
    ports.push({ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) })
  }
  return sortedByHash('discovery/v1.EndpointPort', ports)
}

/** Names a list of ports, for telling lists apart. */
export function portsKey(ports: readonly EndpointPort[]): string {
  const texts = ports.map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol].join('|'))
  return texts.sort().join(' ')
}

/** A pod as an endpoint of a Service; `undefined` when it has no address of the type. */
export function endpointOf(
  pod: Pod,
  node: Node | undefined,
  service: Service,
  addressType: AddressType,
): Endpoint | undefined {
  const addresses: string[] = []
  for (const { ip } of pod.status?.podIPs ?? []) {
    if (ipFamilyOf(ip) === addressType) addresses.push(canonicalIP(ip) ?? ip)
  }
  if (addresses.length === 0) return undefined
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const { name, namespace, uid } = pod.metadata
  const zone = node?.metadata.labels?.[zoneLabel]
  const hostname = hostnameIn(pod, service)
  return {
    addresses,
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: {
      kind: 'Pod',
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(uid === undefined ? {} : { uid }),
    },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  }
}
