import type { EndpointSlice } from '#api/discovery/v1'
import type { Service, ServicePort } from '#api/core/v1'
import type { PoolReference } from '../model/routing.ts'

/** Where a proxy finds a pod. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Label of slices that names their Service. */
export const serviceLabel = 'kubernetes.io/service-name'

/** A port of a Service, by number or name. */
export function servicePort(
  { spec }: Service,
  { name, number }: { readonly name?: string; readonly number?: number },
): ServicePort | undefined {
  const ports = (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP')
  return ports.find((port) => (name === undefined ? port.port === number : port.name === name))
}

/**
 * Endpoints of a Service's port: those that are ready, or, as in the service proxy, those that still serve while they
 * end if none is. Sorted, each once.
 */
export function endpointsOf(service: Service, { port }: PoolReference, slices: Iterable<EndpointSlice>): Endpoint[] {
  const wanted = servicePort(service, { number: port })
  if (!wanted) return []
  const ready = new Map<string, Endpoint>()
  const ending = new Map<string, Endpoint>()
  for (const slice of slices) {
    if (slice.addressType === 'FQDN') continue
    const target = slice.ports?.find(
      ({ name = '', protocol = 'TCP' }) => name === (wanted.name ?? '') && protocol === 'TCP',
    )
    if (target?.port === undefined) continue
    for (const { addresses, conditions = {} } of slice.endpoints ?? []) {
      const [address] = addresses
      if (address === undefined) continue
      const endpoint = { address, port: target.port }
      const key = `${address} ${target.port}`
      if (conditions.ready !== false) ready.set(key, endpoint)
      else if (conditions.serving === true && conditions.terminating === true) ending.set(key, endpoint)
    }
  }
  const chosen = ready.size > 0 ? ready : ending
  return [...chosen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint)
}

export const poolKey = ({ namespace, service, port }: PoolReference): string => `${namespace}/${service}:${port}`
