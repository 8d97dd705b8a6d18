import type { Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { ipFamilyOf } from '#machinery'
import { endpointsByPort } from './endpoints.ts'
import { isProxied } from './service.ts'

/** What a load balancer that asks a service's health-check node port is told about this node. */
export interface HealthCheck {
  readonly namespace: string
  readonly service: string
  readonly port: number
  /** Number of addresses with a ready endpoint on this node. */
  readonly localEndpoints: number
}

/** The health check of a service; `undefined` where nobody may ask for one. */
export function healthCheckOf(
  service: Service,
  slices: readonly EndpointSlice[],
  nodeName: string,
): HealthCheck | undefined {
  const { type, externalTrafficPolicy, healthCheckNodePort = 0, clusterIP = '' } = service.spec
  if (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local' || healthCheckNodePort === 0) return undefined
  if (!isProxied(service)) return undefined
  const addresses = new Set<string>()
  for (const endpoints of endpointsByPort(slices, ipFamilyOf(clusterIP), nodeName).values()) {
    for (const endpoint of endpoints) if (endpoint.local && endpoint.ready) addresses.add(endpoint.address)
  }
  return {
    namespace: service.metadata.namespace ?? '',
    service: service.metadata.name ?? '',
    port: healthCheckNodePort,
    localEndpoints: addresses.size,
  }
}
