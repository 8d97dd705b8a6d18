import type { Service, ServicePort } from '#api/core/v1'
import type { Endpoint, EndpointSlice } from '#api/discovery/v1'
import type { Place } from './lab.ts'

/** A service of one TCP port (80 to 8080), unless told otherwise. */
export function service(name: string, spec: Partial<Service['spec']>, ports: readonly ServicePort[] = [tcp]): Service {
  return {
    metadata: { namespace: 'default', name },
    spec: { type: 'ClusterIP', clusterIPs: spec.clusterIP === undefined ? [] : [spec.clusterIP], ports, ...spec },
  }
}

export const tcp: ServicePort = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }
export const udp: ServicePort = { name: 'udp', protocol: 'UDP', port: 90, targetPort: 9090 }

/** Slice of a service that has the places as its ready endpoints. */
export function slice(
  name: string,
  places: readonly Place[],
  nodeName: (place: Place) => string,
  family: 'IPv4' | 'IPv6' = 'IPv4',
): EndpointSlice {
  return {
    metadata: {
      namespace: 'default',
      name: `${name}-${family.toLowerCase()}`,
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: family,
    ports: [
      { name: 'http', protocol: 'TCP', port: 8080 },
      { name: 'udp', protocol: 'UDP', port: 9090 },
    ],
    endpoints: places.map((place): Endpoint => ({
      addresses: [family === 'IPv4' ? place.address : place.address6],
      nodeName: nodeName(place),
      conditions: { ready: true, serving: true, terminating: false },
    })),
  }
}
