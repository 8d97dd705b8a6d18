import type { EndpointSlice } from '#api/discovery/v1'
import { formatIP, parseIP } from '#machinery'

/** An endpoint as DNS shows it. */
export interface DnsEndpoint {
  /** Its label below the service: the hostname it was given, or its address with dashes. */
  readonly label: string
  readonly address: Uint8Array
}

export interface DnsSlice {
  /** Endpoints that are ready, or published although they are not. */
  readonly endpoints: readonly DnsEndpoint[]
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[]
}

/** Slices never change, so each is read once. */
const read = new WeakMap<EndpointSlice, DnsSlice>()

export function dnsSlice(slice: EndpointSlice): DnsSlice {
  let known = read.get(slice)
  if (!known) read.set(slice, (known = readSlice(slice)))
  return known
}

function readSlice({ endpoints, ports }: EndpointSlice): DnsSlice {
  return {
    endpoints: (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ hostname, addresses }) =>
        addresses
          .map((text) => parseIP(text))
          .filter((address) => address !== undefined)
          .map((address) => ({ label: hostname?.toLowerCase() || dashed(address), address })),
      ),
    ports: (ports ?? []).map(({ name = '', protocol = 'TCP', port = 0 }) => ({
      name,
      protocol: protocol.toLowerCase(),
      port,
    })),
  }
}

/** `10-244-0-1`, `fd44--1`. */
function dashed(address: Uint8Array): string {
  return formatIP(address).replaceAll(/[.:]/g, '-')
}
