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
  const found = new Map<string, Map<string, EndpointInfo>>()
  for (const slice of slices) {
    if (slice.addressType !== family) continue
    for (const { name, protocol, port } of slice.ports ?? []) {
      if (name === undefined || !port) continue
      const key = portKey(name, protocol)
      let endpoints = found.get(key)
      if (!endpoints) found.set(key, (endpoints = new Map()))
      for (const endpoint of slice.endpoints ?? []) add(endpoints, endpoint, port, nodeName)
    }
  }
  const sorted = new Map<string, readonly EndpointInfo[]>()
  for (const [key, endpoints] of found) {
    if (endpoints.size === 0) continue
    const entries = [...endpoints].sort(([a], [b]) => (a < b ? -1 : 1))
    sorted.set(
      key,
      entries.map(([, endpoint]) => endpoint),
    )
  }
  return sorted
}

/**
 * An address may stand in two slices: while an endpoint moves between them, or when a new pod got the address of one that
 * is terminating. Whoever does not terminate wins.
 */
function add(endpoints: Map<string, EndpointInfo>, endpoint: Endpoint, port: number, nodeName: string): void {
  const first = endpoint.addresses[0]
  const address = first === undefined ? undefined : canonicalIP(first)
  if (address === undefined) return
  const key = `${address}:${port}`
  const { conditions, hints } = endpoint
  const terminating = conditions?.terminating === true
  if (terminating && endpoints.has(key)) return
  endpoints.set(key, {
    address,
    port,
    local: nodeName !== '' && endpoint.nodeName === nodeName,
    ready: conditions?.ready !== false,
    serving: conditions?.serving !== false,
    terminating,
    zones: hints?.forZones?.map((zone) => zone.name) ?? [],
    nodes: hints?.forNodes?.map((node) => node.name) ?? [],
  })
}
