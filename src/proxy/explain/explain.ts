import type { Node, Pod } from '#api/core/v1'
import { canonicalIP, ipFamilyOf, keyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type { Backend, FrontendRoute, Protocol, ServicePortRules } from '../packet-filter.ts'
import { factsOf, nodeFactsOf } from '../policy/facts.ts'
import { endpointsByPort, portKey } from '../rules/endpoints.ts'
import type { EndpointInfo } from '../rules/endpoints.ts'
import { isProxied, rulesOfService } from '../rules/service.ts'
import { whyNoEndpoints, whyNotReady } from './selection.ts'
import { backendsOf, isServedByNodes, meaningText, namesText, notesText, outcomeOf } from './sentences.ts'
import type { EndpointExplanation, PortExplanation, ServiceExplanation, ServiceFacts } from './types.ts'
import { judge } from './verdict.ts'
import type { Party } from './verdict.ts'

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
      names: namesText(this.#facts),
      notes: notesText(service),
      ...(from
        ? { from: 'pod' in from ? `pod ${keyOf(from.pod)} on node ${this.#nodeName()}` : `node ${this.#nodeName()}` }
        : {}),
      ports,
      noEndpoints:
        isServed || service.spec.type === 'ExternalName' || isServedByNodes(service)
          ? []
          : whyNoEndpoints(service, pods),
    }
  }

  #nodeName(): string {
    const { from } = this.#facts
    if (!from) return ''
    return ('pod' in from ? from.pod.spec.nodeName : from.node.metadata.name) ?? ''
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
      frontends: frontends.map((each) => ({ ...each, meaning: meaningText(each, rules, this.#nodeName()) })),
      endpoints,
      ...this.#outcome(inner?.route ?? 'Reject', endpoints),
    }
  }

  #outcome(
    route: FrontendRoute,
    endpoints: readonly EndpointExplanation[],
  ): Pick<PortExplanation, 'outcome' | 'reaches'> {
    if (isServedByNodes(this.#facts.service)) return { outcome: 'the node itself answers', reaches: true }
    return outcomeOf(route, endpoints, this.#nodeName())
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
}

const stateOf = ({ ready, terminating }: EndpointInfo): EndpointExplanation['state'] =>
  terminating ? 'terminating' : ready ? 'ready' : 'not ready'

const addressesOf = ({ status }: Node): readonly string[] =>
  (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address)
