import { endpoints } from '#api/core/v1'
import type { EndpointAddress, EndpointPort as CorePort, Endpoints } from '#api/core/v1'
import type { Endpoint, EndpointPort } from '#api/discovery/v1'
import { controllerReference } from '#client'
import { canonicalIP, ipFamilyOf } from '#machinery'
import { sortedByHash } from '../common/endpoints/ports.ts'
import { repackSubsets } from '../common/endpoints/subsets.ts'
import { portsKey } from '../endpointslice/desired.ts'
import { EndpointSet } from '../endpointslice/endpoint-set.ts'
import { managedByLabel, namePrefix, serviceNameLabel, triggerTimeAnnotation } from '../endpointslice/slices.ts'
import type { AddressType, Draft } from '../endpointslice/slices.ts'

export const manager = 'endpointslicemirroring-controller.k8s.io'
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** Endpoints that share ports and kind of address. */
export interface Mirrored {
  readonly addressType: AddressType
  readonly ports: readonly EndpointPort[]
  readonly wanted: EndpointSet
}

export interface DesiredMirror {
  readonly groups: ReadonlyMap<string, Mirrored>
  readonly invalid: number
  /** Addresses beyond the most that are mirrored, the invalid ones included. */
  readonly skipped: number
}

export const groupKey = (addressType: AddressType, ports: readonly EndpointPort[]): string =>
  `${addressType}-${portsKey(ports)}`

/** What slices should say of an Endpoints object. */
export function desiredMirror({ subsets = [] }: Endpoints, maxPerSubset: number): DesiredMirror {
  const groups = new Map<string, Mirrored>()
  let invalid = 0
  let skipped = 0
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of repackSubsets(subsets)) {
    const slicePorts = mirroredPorts(ports)
    const groupOf = (addressType: AddressType): Mirrored => {
      const key = groupKey(addressType, slicePorts)
      let group = groups.get(key)
      if (!group) groups.set(key, (group = { addressType, ports: slicePorts, wanted: new EndpointSet() }))
      return group
    }
    groupOf('IPv4')
    groupOf('IPv6')
    let added = 0
    const mirror = (list: readonly EndpointAddress[], ready: boolean): void => {
      for (const address of list) {
        if (added >= maxPerSubset) return
        const ip = canonicalIP(address.ip)
        if (ip === undefined) {
          invalid++
          continue
        }
        groupOf(ipFamilyOf(ip)).wanted.add(mirroredEndpoint(address, ip, ready))
        added++
      }
    }
    mirror(addresses, true)
    mirror(notReadyAddresses, false)
    skipped += addresses.length + notReadyAddresses.length - added
  }
  return { groups, invalid, skipped }
}

function mirroredPorts(ports: readonly CorePort[]): readonly EndpointPort[] {
  const mirrored = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
    name,
    port,
    protocol,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }))
  return sortedByHash('discovery/v1.EndpointPort', mirrored)
}

function mirroredEndpoint(address: EndpointAddress, ip: string, ready: boolean): Endpoint {
  const { hostname, targetRef, nodeName } = address
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(targetRef === undefined ? {} : { targetRef }),
    ...(nodeName === undefined ? {} : { nodeName }),
  }
}

/** Annotations that slices take over. */
export function mirroredAnnotations({ metadata }: Endpoints): { readonly [key: string]: string } {
  const { [triggerTimeAnnotation]: _, [lastApplied]: __, ...annotations } = metadata.annotations ?? {}
  return annotations
}

/** A slice of the mirror. @param name of the slice that it replaces; a new one when absent. */
export function mirrorDraft(object: Endpoints, { addressType, ports }: Mirrored, name: string | undefined): Draft {
  const { name: of = '', namespace = '', labels } = object.metadata
  return {
    metadata: {
      ...(name === undefined ? { generateName: namePrefix(of) } : { name }),
      namespace,
      labels: { ...labels, [serviceNameLabel]: of, [managedByLabel]: manager },
      annotations: mirroredAnnotations(object),
      ownerReferences: [controllerReference(object, endpoints)],
    },
    addressType,
    ports,
    endpoints: [],
  }
}
