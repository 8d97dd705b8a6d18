import { endpoints, services as servicesResource } from '#api/core/v1'
import type { Endpoints, EndpointSubset, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { deepEqual } from '#base'
import type { Client } from '#client'
import { addressAt, formatIP, ipFamilyOf, parseCIDR } from '#machinery'
import type { Services } from '../services.ts'
import { ensure } from './ensure.ts'
import type { Plan } from './ensure.ts'

/** Where clients outside the server's own process find it. */
export interface AdvertisedAddress {
  readonly ip: string
  readonly port: number
}

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1'

const place = { namespace: 'default', name: 'kubernetes' }
const skipMirror = 'endpointslice.kubernetes.io/skip-mirror'
const servicePort = 443

/** The address of the service that stands for the API server: the first of the cluster's first block. */
function kubernetesServiceIP(cidrs: readonly string[]): string {
  const block = parseCIDR(cidrs[0] ?? '')
  if (!block) throw new Error(`no block of service addresses: ${cidrs.join(',')}`)
  return formatIP(addressAt(block, 1))
}

/**
 * Writes the service that stands for the API servers, and what it leads to. A service that is there is left as it is;
 * where it leads to is put right.
 *
 * @param ips of the servers, all of which listen at `port`
 */
export async function ensureKubernetesService(
  services: Services,
  client: Client,
  ips: readonly string[],
  port: number,
): Promise<void> {
  const clusterIP = kubernetesServiceIP(services.serviceNetwork.cidrs)
  const { namespace, name } = place
  await ensure<Service>({
    client,
    resource: servicesResource,
    read: () => services.peek('', 'services', namespace, name),
    plan: (existing) =>
      existing ? { action: 'none' } : { action: 'create', object: kubernetesService(clusterIP, port) },
  })
  // To whoever reads it, a loopback address would be their own: such a server is reached from its own machine alone.
  const reachable = ips.filter((ip) => !isLoopback(ip))
  if (reachable.length === 0) return
  const subset = subsetOf(reachable, port)
  await ensure<Endpoints>({
    client,
    resource: endpoints,
    read: () => services.peek('', 'endpoints', namespace, name),
    plan: (existing) => planEndpoints(existing, subset),
  })
  const slice = sliceOf(reachable, port)
  await ensure<EndpointSlice>({
    client,
    resource: endpointslices,
    read: () => services.peek('discovery.k8s.io', 'endpointslices', namespace, name),
    plan: (existing) => planSlice(existing, slice),
  })
}

function kubernetesService(clusterIP: string, targetPort: number): Service {
  return {
    metadata: { ...place, labels: { provider: 'kubernetes', component: 'apiserver' } },
    spec: {
      ports: [{ protocol: 'TCP', port: servicePort, name: 'https', targetPort }],
      clusterIP,
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  }
}

const subsetOf = (ips: readonly string[], port: number): EndpointSubset => ({
  addresses: ips.map((ip) => ({ ip })),
  ports: [{ name: 'https', port, protocol: 'TCP' }],
})

function planEndpoints(existing: Endpoints | undefined, subset: EndpointSubset): Plan<Endpoints> {
  const subsets = [subset]
  if (!existing)
    return { action: 'create', object: { metadata: { ...place, labels: { [skipMirror]: 'true' } }, subsets } }
  const marked = existing.metadata.labels?.[skipMirror] === 'true'
  if (marked && deepEqual(existing.subsets, subsets)) return { action: 'none' }
  const labels = { ...existing.metadata.labels, [skipMirror]: 'true' }
  return { action: 'update', object: { ...existing, metadata: { ...existing.metadata, labels }, subsets } }
}

function sliceOf(ips: readonly string[], port: number): EndpointSlice {
  return {
    metadata: { ...place, labels: { 'kubernetes.io/service-name': place.name } },
    addressType: ipFamilyOf(ips[0] ?? ''),
    endpoints: ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: [{ name: 'https', protocol: 'TCP', port }],
  }
}

function planSlice(existing: EndpointSlice | undefined, wanted: EndpointSlice): Plan<EndpointSlice> {
  if (!existing) return { action: 'create', object: wanted }
  if (existing.addressType !== wanted.addressType) return { action: 'recreate', object: wanted }
  const same =
    deepEqual(existing.endpoints, wanted.endpoints) &&
    deepEqual(existing.ports, wanted.ports) &&
    deepEqual(existing.metadata.labels, wanted.metadata.labels)
  if (same) return { action: 'none' }
  const metadata = { ...existing.metadata, ...(wanted.metadata.labels ? { labels: wanted.metadata.labels } : {}) }
  return { action: 'update', object: { ...existing, ...wanted, metadata } }
}
