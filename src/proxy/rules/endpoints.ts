import type { Endpoint, EndpointSlice } from '#api/discovery/v1'
import { canonicalIP } from '#machinery'
import type { IPFamily } from '#machinery'
import type { Protocol } from '../packet-filter.ts'

/** One address and port behind a service port, with what decides whether it is used. */
export interface EndpointInfo {
  readonly address: string
  readonly port: number
  readonly local: boolean
  /** Ready and not terminating, or published although it is not. */
  readonly ready: boolean
  /** Ready, terminating or not. */
  readonly serving: boolean
  readonly terminating: boolean
  readonly zones: readonly string[]
  readonly nodes: readonly string[]
}

/** Endpoints by {@link portKey}, each list in ascending order of `address:port`. */
export type EndpointsByPort = ReadonlyMap<string, readonly EndpointInfo[]>

export function portKey(name: string | undefined, protocol: Protocol | undefined): string {
  return `${name ?? ''}/${protocol ?? 'TCP'}`
}

/** The endpoints that a service's slices of one family publish, by port. */
export function endpointsByPort(slices: Iterable<EndpointSlice>, family: IPFamily, nodeName: string): EndpointsByPort {
  const found = new Map<string, EndpointInfo[]>()
  for (const slice of slices) {
    if (slice.addressType !== family) continue
    for (const { name, protocol, port } of slice.ports ?? []) {
      if (name === undefined || !port) continue
      const key = portKey(name, protocol)
      let endpoints = found.get(key)
      if (!endpoints) found.set(key, (endpoints = []))
      for (const endpoint of slice.endpoints ?? []) {
        const info = endpointInfo(endpoint, port, nodeName)
        if (info) endpoints.push(info)
      }
    }
  }
  for (const [key, endpoints] of found) found.set(key, withoutDoubles(endpoints.sort(ascending)))
  return found
}

function endpointInfo(endpoint: Endpoint, port: number, nodeName: string): EndpointInfo | undefined {
  const first = endpoint.addresses[0]
  const address = first === undefined ? undefined : canonicalIP(first)
  if (address === undefined) return undefined
  const { conditions, hints } = endpoint
  return {
    address,
    port,
    local: nodeName !== '' && endpoint.nodeName === nodeName,
    ready: conditions?.ready !== false,
    serving: conditions?.serving !== false,
    terminating: conditions?.terminating === true,
    zones: hints?.forZones?.map((zone) => zone.name) ?? none,
    nodes: hints?.forNodes?.map((node) => node.name) ?? none,
  }
}

const none: readonly string[] = []

function ascending(a: EndpointInfo, b: EndpointInfo): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1
  return a.port - b.port
}

/**
 * An address may stand in two slices: while an endpoint moves between them, or when a new pod got the address of one that
 * is terminating. Whoever does not terminate wins.
 */
function withoutDoubles(sorted: EndpointInfo[]): EndpointInfo[] {
  if (sorted.every((endpoint, index) => index === 0 || ascending(sorted[index - 1] as EndpointInfo, endpoint) < 0)) {
    return sorted
  }
  const single: EndpointInfo[] = []
  for (const endpoint of sorted) {
    const last = single[single.length - 1]
    if (!last || ascending(last, endpoint) < 0) single.push(endpoint)
    else if (last.terminating) single[single.length - 1] = endpoint
  }
  return single
}
