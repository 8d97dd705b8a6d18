import type { Service } from '#api/core/v1'
import type { Backend, Frontend, FrontendRoute, ServicePortRules } from '../packet-filter.ts'
import { isProxied } from '../rules/service.ts'
import type { EndpointExplanation, PortExplanation, ServiceFacts } from './types.ts'
import { policiesText } from './verdict.ts'
import type { PolicyVerdict } from './verdict.ts'

/** What the cluster DNS says of a Service's name. */
export function namesText({ service, domain, slices }: ServiceFacts): readonly string[] {
  const { metadata, spec } = service
  const name = `${metadata.name ?? ''}.${metadata.namespace ?? ''}.svc.${domain}`
  if (spec.type === 'ExternalName')
    return [`${name} is another name of ${spec.externalName ?? ''}, which others answer for`]
  if (isProxied(service)) return [`${name} is ${(spec.clusterIPs ?? [spec.clusterIP ?? '']).join(' and ')}`]
  const addresses = new Set<string>()
  for (const { endpoints } of slices) {
    for (const { addresses: own, conditions } of endpoints ?? []) {
      if (conditions?.ready !== false || spec.publishNotReadyAddresses === true)
        for (const each of own) addresses.add(each)
    }
  }
  const some = [...addresses].slice(0, 5).join(', ')
  const more = addresses.size > 5 ? ` and ${addresses.size - 5} more` : ''
  return [`${name} is headless: ${some === '' ? 'it has no address' : `its endpoints ${some}${more}`}`]
}

/** What holds for all ports of a Service. */
export function notesText(service: Service): readonly string[] {
  const { spec, status } = service
  const notes: string[] = []
  if (isServedByNodes(service)) notes.push('every node answers at this address itself')
  if (spec.sessionAffinity === 'ClientIP') {
    const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800
    notes.push(`a client stays with its endpoint until it has been silent for ${seconds} s (session affinity)`)
  }
  if (spec.trafficDistribution !== undefined)
    notes.push(`endpoints near by are preferred (${spec.trafficDistribution})`)
  if (spec.type === 'LoadBalancer' && (status?.loadBalancer?.ingress ?? []).length === 0) {
    const why = status?.conditions?.find(({ status: is }) => is === 'False')?.message
    notes.push(`it waits for the address of a load balancer${why === undefined ? '' : `: ${why}`}`)
  }
  return notes
}

/** What becomes of packets that come in at a frontend, on a node; on none in particular when its name is empty. */
export function meaningText({ route, sources, kind }: Frontend, rules: ServicePortRules, nodeName: string): string {
  const only = sources ? `, for ${sources.join(', ')} only` : ''
  const n = backendsOf(route, rules).length
  const some = `${n} endpoint${n === 1 ? '' : 's'}`
  switch (route) {
    case 'Cluster':
      return `to one of ${some}${only}`
    case 'Local':
      return `to one of ${some} on the same node${only}`
    case 'ExternalCluster':
      return `to one of ${some}, which see the node as the source${only}`
    case 'ExternalLocal':
      return nodeName === ''
        ? `from outside to endpoints on the node where it comes in, which see who asks; pods and nodes reach all ${some}${only}`
        : `from outside to one of ${rules.localEndpoints.length} on this node, which see who asks; pods and nodes reach all ${some}${only}`
    case 'Reject':
      return 'refused: there are no endpoints'
    case 'Drop':
      return `dropped: no endpoint is on ${kind === 'ClusterIP' ? 'the node of who asks' : 'this node'}`
  }
}

/** What becomes of a packet from a node; from none in particular when its name is empty. */
export function outcomeOf(
  route: FrontendRoute,
  endpoints: readonly EndpointExplanation[],
  nodeName: string,
): Pick<PortExplanation, 'outcome' | 'reaches'> {
  const used = endpoints.filter((each) => each.used)
  if (route === 'Reject') return { outcome: 'refused: there is no endpoint that is ready', reaches: false }
  if (route === 'Drop') {
    return nodeName === ''
      ? { outcome: 'reaches endpoints on the node of who asks only (internal traffic policy Local)', reaches: true }
      : {
          outcome: `dropped: internal traffic policy is Local, and no endpoint is on node ${nodeName}`,
          reaches: false,
        }
  }
  const open = used.filter(({ egress, ingress }) => egress?.allowed !== false && ingress?.allowed !== false)
  const refusals = used.flatMap(({ egress, ingress }) =>
    [egress, ingress].filter((each) => each !== undefined).filter(({ allowed }) => !allowed),
  )
  const named = (kind: PolicyVerdict['kind']): readonly string[] => [
    ...new Set(refusals.filter((each) => each.kind === kind).flatMap(({ policies }) => policies)),
  ]
  const by = [
    { policies: named(undefined) },
    { policies: named('ClusterNetworkPolicy'), kind: 'ClusterNetworkPolicy' as const },
  ]
    .filter(({ policies }) => policies.length > 0)
    .map((each) => policiesText({ allowed: false, ...each }))
    .join(' and ')
  if (open.length === 0) return { outcome: `dropped at every endpoint, by ${by}`, reaches: false }
  const some = `${open.length} endpoint${open.length === 1 ? '' : 's'}`
  if (open.length === used.length) return { outcome: `reaches any of ${some}`, reaches: true }
  return {
    outcome: `reaches any of ${some}, and is dropped when it goes to one of ${used.length - open.length} others, by ${by}`,
    reaches: true,
  }
}

/** Whom a route sends packets from inside to. */
export function backendsOf(route: FrontendRoute, { endpoints, localEndpoints }: ServicePortRules): readonly Backend[] {
  if (route === 'Reject' || route === 'Drop') return []
  return route === 'Local' ? localEndpoints : endpoints
}

/** The cluster DNS, which every node serves at its address. */
export const isServedByNodes = ({ metadata, spec }: Service): boolean =>
  metadata.namespace === 'kube-system' && metadata.name === 'kube-dns' && Object.keys(spec.selector ?? {}).length === 0
