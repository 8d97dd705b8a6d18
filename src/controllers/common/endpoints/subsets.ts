import { deepEqual } from '#base'
import type { EndpointAddress, EndpointPort, EndpointSubset } from '#api/core/v1'
import { sortedByHash } from './ports.ts'

interface Member {
  readonly address: EndpointAddress
  ready: boolean
}

/** Addresses that have a port, by what tells them apart. A port that is `undefined` stands for none. */
interface Listed {
  readonly port: EndpointPort | undefined
  readonly members: Map<string, Member>
}

/**
 * Subsets in their canonical form: ports with the same addresses share a subset, an address is ready for a port if it is
 * nowhere said not to be, and everything is sorted.
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const merged = [...byAddresses(byPort(subsets)).values()].map(({ ports, members }) => subsetOf(ports, members))
  return merged.length < 2 ? merged : sortedByHash('core/v1.EndpointSubset', merged)
}

function byPort(subsets: readonly EndpointSubset[]): Map<string, Listed> {
  const ports = new Map<string, Listed>()
  const addresses = new Map<string, EndpointAddress>()
  for (const subset of subsets) {
    for (const port of subset.ports?.length ? subset.ports : [undefined]) {
      const key = port === undefined ? '' : [port.name, port.port, port.protocol, port.appProtocol].join('|')
      let listed = ports.get(key)
      if (!listed) ports.set(key, (listed = { port, members: new Map() }))
      const list = (each: EndpointAddress, ready: boolean): void => {
        const id = addressKey(each)
        let address = addresses.get(id)
        if (!address) addresses.set(id, (address = each))
        const member = listed.members.get(id)
        if (!member) listed.members.set(id, { address, ready })
        else if (member.ready) member.ready = ready
      }
      for (const each of subset.addresses ?? []) list(each, true)
      for (const each of subset.notReadyAddresses ?? []) list(each, false)
    }
  }
  return ports
}

function byAddresses(
  listed: ReadonlyMap<string, Listed>,
): Map<string, { readonly ports: EndpointPort[]; readonly members: readonly Member[] }> {
  const groups = new Map<string, { readonly ports: EndpointPort[]; readonly members: readonly Member[] }>()
  for (const { port, members } of listed.values()) {
    const sorted = [...members.values()].sort((a, b) => compareAddresses(a.address, b.address))
    const key = sorted.map(({ address, ready }) => `${addressKey(address)}|${ready}`).join(' ')
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { ports: [], members: sorted }))
    if (port) group.ports.push(port)
  }
  return groups
}

function subsetOf(ports: readonly EndpointPort[], members: readonly Member[]): EndpointSubset {
  const ready = members.filter((each) => each.ready).map(({ address }) => address)
  const notReady = members.filter((each) => !each.ready).map(({ address }) => address)
  return {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
    ...(ports.length === 0 ? {} : { ports: sortedByHash('core/v1.EndpointPort', ports) }),
  }
}

const addressKey = ({ ip, targetRef }: EndpointAddress): string => `${ip}|${targetRef?.uid ?? ''}`

function compareAddresses(a: EndpointAddress, b: EndpointAddress): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1
}

/** Whether two lists say the same, revisions of pods aside. */
export function sameSubsets(a: readonly EndpointSubset[], b: readonly EndpointSubset[]): boolean {
  return deepEqual(a.map(plain), b.map(plain))
}

function plain({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset): object {
  return { addresses: addresses.map(withoutRevision), notReadyAddresses: notReadyAddresses.map(withoutRevision), ports }
}

function withoutRevision(address: EndpointAddress): EndpointAddress {
  if (address.targetRef?.resourceVersion === undefined) return address
  const { resourceVersion: _, ...targetRef } = address.targetRef
  return { ...address, targetRef }
}
