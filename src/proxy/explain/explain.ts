import type { Namespace, Node, Pod, Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { NetworkPolicy } from '#api/networking/v1'
import { canonicalIP, ipFamilyOf, keyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type { Backend, Frontend, FrontendRoute, Protocol, ServicePortRules } from '../packet-filter.ts'
import type { ClusterNetworkPolicy } from '../policy/cluster-policy.ts'
import { factsOf, nodeFactsOf } from '../policy/facts.ts'
import { endpointsByPort, portKey } from '../rules/endpoints.ts'
import type { EndpointInfo } from '../rules/endpoints.ts'
import { isProxied, rulesOfService } from '../rules/service.ts'
import { whyNoEndpoints, whyNotReady } from './selection.ts'
import { judge, policiesText } from './verdict.ts'
import type { Party, PolicyVerdict } from './verdict.ts'

/** What is known when a Service is asked about. */
export interface ServiceFacts {
  readonly service: Service
  /** Slices of the Service. */
  readonly slices: readonly EndpointSlice[]
  readonly pods: readonly Pod[]
  readonly nodes: readonly Node[]
  readonly namespaces: readonly Namespace[]
  readonly policies: readonly NetworkPolicy[]
  /** None when absent. */
  readonly clusterPolicies?: readonly ClusterNetworkPolicy[]
  /** Who asks: a pod, or a node by its own processes; nobody in particular when absent. */
  readonly from?: { readonly pod: Pod } | { readonly node: Node }
  /** Name or number of the port asked for; all when absent. */
  readonly port?: string
  readonly domain: string
}

/** An endpoint, and what would become of a packet for it. */
export interface EndpointExplanation {
  readonly address: string
  readonly port: number
  /** `namespace/name` */
  readonly pod?: string
  readonly node?: string
  readonly state: 'ready' | 'not ready' | 'terminating'
  /** Why it is not ready. */
  readonly reason?: string
  /** Whether packets from the one who asks are sent to it. */
  readonly used: boolean
  /** What policies say of the way out of the pod that asks, and of the way in. */
  readonly egress?: PolicyVerdict
  readonly ingress?: PolicyVerdict
}

export interface PortExplanation {
  readonly name: string
  readonly port: number
  readonly protocol: Protocol
  readonly targetPort: string
  readonly family: IPFamily
  /** Where packets come in, and what becomes of them on the node of who asks. */
  readonly frontends: readonly (Frontend & { readonly meaning: string })[]
  readonly endpoints: readonly EndpointExplanation[]
  /** What becomes of a packet, in a sentence. */
  readonly outcome: string
  readonly reaches: boolean
}

export interface ServiceExplanation {
  readonly service: string
  readonly type: string
  /** What the cluster DNS says of its name. */
  readonly names: readonly string[]
  /** What holds for all ports: affinity, policies of traffic, load balancers that are pending. */
  readonly notes: readonly string[]
  readonly from?: string
  readonly ports: readonly PortExplanation[]
  /** Why there are no endpoints. */
  readonly noEndpoints: readonly string[]
}

/** Walks from a Service's name to the endpoints of its ports, by the rules of the node's proxy and policies. Pure. */
export function explainService(facts: ServiceFacts): ServiceExplanation {
  return new Explaining(facts).run()
}

class Explaining {
  readonly #facts: ServiceFacts
  readonly #podAt: ReadonlyMap<string, Pod>
  readonly #labelsOf: ReadonlyMap<string, Party['namespaceLabels']>

  constructor(facts: ServiceFacts) {
    this.#facts = facts
    this.#podAt = new Map(
      facts.pods
        .filter(
          ({ spec, status }) =>
            spec.hostNetwork !== true && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
        )
        .flatMap((pod) => (pod.status?.podIPs ?? []).map(({ ip }) => [canonicalIP(ip) ?? ip, pod] as const)),
    )
    this.#labelsOf = new Map(facts.namespaces.map(({ metadata }) => [metadata.name ?? '', metadata.labels ?? {}]))
  }

  run(): ServiceExplanation {
    const { service, slices, pods, from } = this.#facts
    const ports = service.spec.type === 'ExternalName' ? [] : this.#ports()
    const isServed = slices.some(({ endpoints }) =>
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
    )
    return {
      service: keyOf(service),
      type: service.spec.type ?? 'ClusterIP',
      names: this.#names(),
      notes: this.#notes(),
      ...(from
        ? { from: 'pod' in from ? `pod ${keyOf(from.pod)} on node ${this.#nodeName()}` : `node ${this.#nodeName()}` }
        : {}),
      ports,
      noEndpoints:
        isServed || service.spec.type === 'ExternalName' || isNodes(service) ? [] : whyNoEndpoints(service, pods),
    }
  }

  #nodeName(): string {
    const { from } = this.#facts
    if (!from) return ''
    return ('pod' in from ? from.pod.spec.nodeName : from.node.metadata.name) ?? ''
  }

  #names(): readonly string[] {
    const { service, domain, slices } = this.#facts
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

  #notes(): readonly string[] {
    const { spec, status } = this.#facts.service
    const notes: string[] = []
    if (isNodes(this.#facts.service)) notes.push('every node answers at this address itself')
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

  #ports(): readonly PortExplanation[] {
    const { service, slices, nodes, port: wanted } = this.#facts
    const nodeName = this.#nodeName()
    const node = nodes.find(({ metadata }) => metadata.name === nodeName)
    const zone = node?.metadata.labels?.['topology.kubernetes.io/zone']
    const addresses = (node?.status?.addresses ?? []).map(({ address }) => address)
    const rules = rulesOfService(service, slices, { nodeName, addresses, ...(zone === undefined ? {} : { zone }) })
    const families: readonly IPFamily[] = [...new Set(slices.map(({ addressType }) => addressType as IPFamily))]
    return (service.spec.ports ?? [])
      .filter(({ name, port }) => wanted === undefined || wanted === name || wanted === String(port))
      .flatMap((port) => {
        const protocol: Protocol = port.protocol ?? 'TCP'
        const own = rules.filter((each) => each.port === (port.name ?? '') && each.protocol === protocol)
        const common = {
          name: port.name ?? '',
          port: port.port,
          protocol,
          targetPort: String(port.targetPort ?? port.port),
        }
        if (!isProxied(service)) return families.map((family) => this.#headless(common, family))
        return own.map((each) => this.#port(common, each))
      })
  }

  #port(
    common: Pick<PortExplanation, 'name' | 'port' | 'protocol' | 'targetPort'>,
    rules: ServicePortRules,
  ): PortExplanation {
    const { family, frontends } = rules
    const inner = frontends.find(({ kind }) => kind === 'ClusterIP')
    const used = backendsOf(inner?.route ?? 'Reject', rules)
    const endpoints = this.#endpoints(common, family, used)
    return {
      ...common,
      family,
      frontends: frontends.map((each) => ({ ...each, meaning: this.#meaning(each, rules) })),
      endpoints,
      ...this.#outcome(inner?.route ?? 'Reject', endpoints),
    }
  }

  #headless(
    common: Pick<PortExplanation, 'name' | 'port' | 'protocol' | 'targetPort'>,
    family: IPFamily,
  ): PortExplanation {
    const all = endpointsByPort(this.#facts.slices, family, '').get(portKey(common.name, common.protocol)) ?? []
    const endpoints = this.#endpoints(
      common,
      family,
      all.filter(({ ready }) => ready),
    )
    const route = endpoints.some(({ used }) => used) ? 'Cluster' : 'Reject'
    return { ...common, family, frontends: [], endpoints, ...this.#outcome(route, endpoints) }
  }

  #endpoints(
    { name, protocol }: Pick<PortExplanation, 'name' | 'protocol'>,
    family: IPFamily,
    used: readonly Pick<Backend, 'address' | 'port'>[],
  ): readonly EndpointExplanation[] {
    const { slices, service } = this.#facts
    const nodes = new Map(
      slices.flatMap(({ endpoints }) =>
        (endpoints ?? []).flatMap(({ addresses, nodeName }) =>
          addresses.map((each) => [canonicalIP(each), nodeName] as const),
        ),
      ),
    )
    const all = endpointsByPort(slices, family, this.#nodeName()).get(portKey(name, protocol)) ?? []
    return all.map((endpoint): EndpointExplanation => {
      const { address, port } = endpoint
      const pod = this.#podAt.get(address)
      const node = nodes.get(address)
      const state = stateOf(endpoint)
      return {
        address,
        port,
        ...(pod ? { pod: keyOf(pod) } : {}),
        ...(node === undefined ? {} : { node }),
        state,
        ...(state === 'not ready' && pod ? { reason: whyNotReady(pod, service) } : {}),
        used: used.some((each) => each.address === address && each.port === port),
        ...this.#verdicts(endpoint, protocol),
      }
    })
  }

  #verdicts({ address, port }: EndpointInfo, protocol: Protocol): Pick<EndpointExplanation, 'egress' | 'ingress'> {
    const { from } = this.#facts
    const to = this.#party(address, this.#podAt.get(address))
    if (!from) return {}
    const own = 'pod' in from ? (from.pod.status?.podIPs ?? []).map(({ ip }) => ip) : addressesOf(from.node)
    const source = own.find((each) => ipFamilyOf(each) === ipFamilyOf(address))
    if (source === undefined || source === address) return {}
    const asks = this.#party(source, 'pod' in from ? from.pod : undefined)
    const ends = { from: asks, to }
    // A node and its own pods always reach each other.
    const isAtHome = asks.pod ? this.#isOwnNode(address) : this.#podAt.get(address)?.spec.nodeName === this.#nodeName()
    if (isAtHome) return { egress: { allowed: true, policies: [] }, ingress: { allowed: true, policies: [] } }
    return {
      egress: judge(this.#facts, 'egress', ends, { protocol, port }),
      ingress: judge(this.#facts, 'ingress', ends, { protocol, port }),
    }
  }

  #isOwnNode(address: string): boolean {
    const node = this.#facts.nodes.find(({ metadata }) => metadata.name === this.#nodeName())
    return node !== undefined && nodeFactsOf(node).addresses.includes(address)
  }

  #party(address: string, pod: Pod | undefined): Party {
    const facts = pod && factsOf(pod)
    const namespaceLabels = this.#labelsOf.get(pod?.metadata.namespace ?? '') ?? {}
    const node = this.#facts.nodes
      .map(nodeFactsOf)
      .find((each) => each.addresses.includes(canonicalIP(address) ?? address))
    return { address, namespaceLabels, ...(facts ? { pod: facts } : {}), ...(node ? { node } : {}) }
  }

  #meaning({ route, sources, kind }: Frontend, rules: ServicePortRules): string {
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
        return this.#nodeName() === ''
          ? `from outside to endpoints on the node where it comes in, which see who asks; pods and nodes reach all ${some}${only}`
          : `from outside to one of ${rules.localEndpoints.length} on this node, which see who asks; pods and nodes reach all ${some}${only}`
      case 'Reject':
        return 'refused: there are no endpoints'
      case 'Drop':
        return `dropped: no endpoint is on ${kind === 'ClusterIP' ? 'the node of who asks' : 'this node'}`
    }
  }

  #outcome(
    route: FrontendRoute,
    endpoints: readonly EndpointExplanation[],
  ): Pick<PortExplanation, 'outcome' | 'reaches'> {
    const used = endpoints.filter((each) => each.used)
    if (isNodes(this.#facts.service)) return { outcome: 'the node itself answers', reaches: true }
    if (route === 'Reject') return { outcome: 'refused: there is no endpoint that is ready', reaches: false }
    if (route === 'Drop') {
      return this.#nodeName() === ''
        ? { outcome: 'reaches endpoints on the node of who asks only (internal traffic policy Local)', reaches: true }
        : {
            outcome: `dropped: internal traffic policy is Local, and no endpoint is on node ${this.#nodeName()}`,
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
}

/** Whom a route sends packets from inside to. */
function backendsOf(route: FrontendRoute, { endpoints, localEndpoints }: ServicePortRules): readonly Backend[] {
  if (route === 'Reject' || route === 'Drop') return []
  return route === 'Local' ? localEndpoints : endpoints
}

const stateOf = ({ ready, terminating }: EndpointInfo): EndpointExplanation['state'] =>
  terminating ? 'terminating' : ready ? 'ready' : 'not ready'

const addressesOf = ({ status }: Node): readonly string[] =>
  (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address)

/** The cluster DNS, which every node serves at its address. */
const isNodes = ({ metadata, spec }: Service): boolean =>
  metadata.namespace === 'kube-system' && metadata.name === 'kube-dns' && Object.keys(spec.selector ?? {}).length === 0
