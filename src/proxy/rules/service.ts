import type { Service, ServicePort } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { canonicalIP, cidrContains, formatCIDR, ipFamilyOf, parseCIDR, parseIP } from '#machinery'
import type { IPFamily } from '#machinery'
import type { Backend, Frontend, FrontendRoute, ServicePortRules } from '../packet-filter.ts'
import { endpointsByPort, portKey } from './endpoints.ts'
import type { EndpointInfo } from './endpoints.ts'
import { categorizeEndpoints } from './topology.ts'
import type { CategorizedEndpoints, Locality } from './topology.ts'

/** The node whose rules are computed. */
export interface ProxyNode extends Locality {
  /** The node's own addresses: source ranges of a load balancer that hold one let the node in by the balancer's address. */
  readonly addresses: readonly string[]
  /** Cluster IPs that the node itself serves: their services get no rules. */
  readonly servedAddresses?: readonly string[]
}

const families: readonly IPFamily[] = ['IPv4', 'IPv6']

/** Rules of a service's ports in each family it has a cluster IP of; none for headless services and external names. */
export function rulesOfService(
  service: Service,
  slices: readonly EndpointSlice[],
  node: ProxyNode,
): readonly ServicePortRules[] {
  if (!isProxied(service)) return []
  const rules: ServicePortRules[] = []
  for (const family of families) {
    const clusterIP = clusterIPOf(service, family)
    if (clusterIP === undefined || node.servedAddresses?.includes(clusterIP) === true) continue
    const endpoints = endpointsByPort(slices, family, node.nodeName)
    for (const port of service.spec.ports ?? []) {
      const own = endpoints.get(portKey(port.name, port.protocol)) ?? []
      rules.push(rulesOfPort(service, port, family, clusterIP, own, node))
    }
  }
  return rules
}

/** Whether the service has a cluster IP that packets are redirected from. */
export function isProxied(service: Service): boolean {
  const { clusterIP, type } = service.spec
  return clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None' && type !== 'ExternalName'
}

/** The service's cluster IP of a family, canonical; `undefined` when it has none. */
function clusterIPOf(service: Service, family: IPFamily): string | undefined {
  const { clusterIP = '', clusterIPs = [clusterIP] } = service.spec
  const text = clusterIPs.find((address) => ipFamilyOf(address) === family && parseIP(address) !== undefined)
  return text === undefined ? undefined : canonicalIP(text)
}

function rulesOfPort(
  service: Service,
  port: ServicePort,
  family: IPFamily,
  clusterIP: string,
  endpoints: readonly EndpointInfo[],
  node: ProxyNode,
): ServicePortRules {
  const { spec, metadata } = service
  const protocol = port.protocol ?? 'TCP'
  const external = externalFrontends(service, port, family, node)
  const internalLocal = spec.internalTrafficPolicy === 'Local'
  const externalLocal = spec.externalTrafficPolicy === 'Local'
  const categorized = categorizeEndpoints(
    endpoints,
    {
      // External traffic of policy Local needs all endpoints as well, for what pods and the node itself send.
      cluster: !internalLocal || external.length > 0,
      local: internalLocal || (externalLocal && external.length > 0),
    },
    node,
  )
  const internalRoute = routeOf(categorized, internalLocal, 'Local', 'Cluster')
  const externalRoute: FrontendRoute = !categorized.any ? 'Reject' : externalLocal ? 'ExternalLocal' : 'ExternalCluster'
  const affinity = spec.sessionAffinity === 'ClientIP'
  return {
    namespace: metadata.namespace ?? '',
    service: metadata.name ?? '',
    port: port.name ?? '',
    family,
    protocol,
    clusterIP,
    frontends: [
      { kind: 'ClusterIP', address: clusterIP, port: port.port, route: internalRoute },
      ...external.map((frontend): Frontend => ({ ...frontend, route: externalRoute })),
    ],
    endpoints: categorized.cluster.map(backendOf),
    localEndpoints: categorized.local.map(backendOf),
    ...(protocol === 'UDP'
      ? { serving: endpoints.filter((each) => each.serving).map((each) => `${each.address}:${each.port}`) }
      : {}),
    ...(affinity ? { affinitySeconds: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800 } : {}),
  }
}

function routeOf(
  { any, local }: CategorizedEndpoints,
  policyLocal: boolean,
  toLocal: FrontendRoute,
  toCluster: FrontendRoute,
): FrontendRoute {
  if (!any) return 'Reject'
  if (!policyLocal) return toCluster
  return local.length > 0 ? toLocal : 'Drop'
}

function backendOf({ address, port, local }: EndpointInfo): Backend {
  return { address, port, local }
}

function externalFrontends(
  service: Service,
  port: ServicePort,
  family: IPFamily,
  node: ProxyNode,
): readonly Omit<Frontend, 'route'>[] {
  const frontends: Omit<Frontend, 'route'>[] = []
  for (const address of addressesOf(service.spec.externalIPs ?? [], family)) {
    frontends.push({ kind: 'ExternalIP', address, port: port.port })
  }
  const balanced = loadBalancerAddresses(service, family)
  const sources = balanced.length > 0 ? sourcesOf(service, family, balanced, node) : undefined
  for (const address of balanced) {
    frontends.push({ kind: 'LoadBalancer', address, port: port.port, ...(sources ? { sources } : {}) })
  }
  if (port.nodePort) frontends.push({ kind: 'NodePort', port: port.nodePort })
  return frontends
}

function loadBalancerAddresses(service: Service, family: IPFamily): readonly string[] {
  const ingress = service.status?.loadBalancer?.ingress ?? []
  const virtual = ingress.filter((each) => each.ip !== undefined && (each.ipMode ?? 'VIP') === 'VIP')
  return addressesOf(
    virtual.map((each) => each.ip ?? ''),
    family,
  )
}

function addressesOf(texts: readonly string[], family: IPFamily): readonly string[] {
  const found = new Set<string>()
  for (const text of texts) {
    const address = canonicalIP(text)
    if (address !== undefined && ipFamilyOf(address) === family) found.add(address)
  }
  return [...found]
}

/**
 * Who may use the load balancer's addresses; `undefined` when everybody may. Where such an address is one of the node's
 * own, what the node sends to it has that address as its source: a node that may come in may do so from there too.
 */
function sourcesOf(
  service: Service,
  family: IPFamily,
  balanced: readonly string[],
  node: ProxyNode,
): readonly string[] | undefined {
  const blocks = (service.spec.loadBalancerSourceRanges ?? [])
    .map((text) => parseCIDR(text.trim()))
    .filter((block) => block !== undefined)
    .filter((block) => block.family === family)
  if (blocks.length === 0 || blocks.some((block) => block.prefix === 0)) return undefined
  const fromNode = node.addresses.some((address) => {
    const bytes = parseIP(address)
    return bytes !== undefined && blocks.some((block) => cidrContains(block, bytes))
  })
  return [...blocks.map(formatCIDR), ...(fromNode ? balanced : [])]
}
