import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#api/networking/v1'
import { formatCIDR, parseCIDR, Selector, selectorOf } from '#machinery'
import type { Labels } from '#machinery'
import { destinationOf } from '../policy-filter.ts'
import type { Direction, PolicyPeer, PolicyPort, PolicyRule, PolicySetKind } from '../policy-filter.ts'
import type { Protocol } from '../packet-filter.ts'
import type { NodeFacts, PodFacts } from './facts.ts'

/** Which pods or nodes a set is made of, and what of them. Sets of different policies that say the same are one. */
export interface SetQuery {
  readonly key: string
  readonly kind: PolicySetKind
  /** Members that a pod contributes; none when it is not selected. */
  membersOf(pod: PodFacts, namespaceLabels: Labels): readonly string[]
  /** Members that a node contributes; sets of pods are not about nodes. */
  membersOfNode?(node: NodeFacts): readonly string[]
}

/** A policy with its selectors read. */
export interface ParsedPolicy {
  readonly namespace: string
  readonly selector: Selector
  readonly directions: ReadonlyMap<Direction, readonly PolicyRule[]>
  readonly queries: readonly SetQuery[]
}

/** Pods that a peer selects: by namespace, or by labels of it. */
export interface PodQuery {
  readonly namespace?: string
  readonly namespaces?: Selector
  readonly pods: Selector
}

const none: readonly string[] = []

export function parsePolicy({ metadata, spec }: NetworkPolicy): ParsedPolicy {
  const namespace = metadata.namespace ?? ''
  const selector = readSelector(spec.podSelector ?? {})
  const queries = new Map<string, SetQuery>()
  const use = (query: SetQuery): string => {
    queries.set(query.key, query)
    return query.key
  }
  const subject: PodQuery = { namespace, pods: selector }
  const types = spec.policyTypes?.length ? spec.policyTypes : spec.egress ? ['Ingress', 'Egress'] : ['Ingress']
  const directions = new Map<Direction, readonly PolicyRule[]>()
  if (types.includes('Ingress')) {
    const rules = (spec.ingress ?? []).map(({ from = [], ports = [] }): PolicyRule => {
      const peers = from.map((peer) => peerOf(peer, namespace, use))
      // A name stands for a port of the pods that the policy selects.
      return ruleOf(peers, portsOf(ports, [subject], use))
    })
    directions.set('ingress', rules)
  }
  if (types.includes('Egress')) {
    const rules = (spec.egress ?? []).map(({ to = [], ports = [] }): PolicyRule => {
      const peers = to.map((peer) => peerOf(peer, namespace, use))
      // A name stands for a port of the pods at the other end.
      const targets =
        to.length === 0 ? [everyPod] : to.filter((peer) => !peer.ipBlock).map((peer) => podsOf(peer, namespace))
      return ruleOf(peers, portsOf(ports, targets, use))
    })
    directions.set('egress', rules)
  }
  return { namespace, selector, directions, queries: [...queries.values()] }
}

export const everyPod: PodQuery = { namespaces: Selector.everything, pods: Selector.everything }

function ruleOf(peers: readonly PolicyPeer[], ports: readonly PolicyPort[]): PolicyRule {
  return { ...(peers.length > 0 ? { peers } : {}), ...(ports.length > 0 ? { ports } : {}) }
}

function peerOf(peer: NetworkPolicyPeer, namespace: string, use: (query: SetQuery) => string): PolicyPeer {
  if (!peer.ipBlock) return { set: use(addresses(podsOf(peer, namespace))) }
  return { block: canonicalBlock(peer.ipBlock.cidr), except: (peer.ipBlock.except ?? []).map(canonicalBlock) }
}

export function canonicalBlock(text: string): string {
  const block = parseCIDR(text)
  return block ? formatCIDR(block) : text
}

function podsOf({ podSelector, namespaceSelector }: NetworkPolicyPeer, namespace: string): PodQuery {
  const pods = podSelector ? readSelector(podSelector) : Selector.everything
  return namespaceSelector ? { namespaces: readSelector(namespaceSelector), pods } : { namespace, pods }
}

function portsOf(
  ports: readonly NetworkPolicyPort[],
  targets: readonly PodQuery[],
  use: (query: SetQuery) => string,
): readonly PolicyPort[] {
  return ports.flatMap(({ protocol = 'TCP', port, endPort }): readonly PolicyPort[] => {
    if (port === undefined) return [{ protocol }]
    if (typeof port === 'number') return [{ protocol, from: port, to: endPort ?? port }]
    return targets.map((target) => ({ protocol, set: use(destinations(target, port, protocol)) }))
  })
}

export function addresses(query: PodQuery): SetQuery {
  return {
    key: textOf(query),
    kind: 'addresses',
    membersOf: (pod, labels) => (selects(query, pod, labels) ? pod.addresses : none),
  }
}

export const nodeAddresses = (selector: Selector): SetQuery => ({
  key: `nodes(${nameOf(selector)})`,
  kind: 'addresses',
  membersOf: () => none,
  membersOfNode: ({ labels, addresses: own }) => (selector.matches(labels) ? own : none),
})

export function destinations(query: PodQuery, name: string, protocol: Protocol): SetQuery {
  return {
    key: `${textOf(query)} ${protocol} ${name}`,
    kind: 'destinations',
    membersOf: (pod, labels) => {
      if (!selects(query, pod, labels)) return none
      const ports = pod.ports.filter((each) => each.name === name && each.protocol === protocol)
      return ports.flatMap(({ port }) => pod.addresses.map((address) => destinationOf(address, protocol, port)))
    },
  }
}

export function selects({ namespace, namespaces, pods }: PodQuery, pod: PodFacts, namespaceLabels: Labels): boolean {
  if (namespace !== undefined && namespace !== pod.namespace) return false
  return (namespaces === undefined || namespaces.matches(namespaceLabels)) && pods.matches(pod.labels)
}

function textOf({ namespace, namespaces, pods }: PodQuery): string {
  const place = namespace === undefined ? `namespaces(${nameOf(namespaces)})` : `namespace(${namespace})`
  return `${place} pods(${nameOf(pods)})`
}

function nameOf(selector: Selector | undefined): string {
  return selector?.isNothing() === true ? 'nothing' : String(selector)
}

/** A selector that nobody should have let in selects nothing. */
export function readSelector(selector: Parameters<typeof selectorOf>[0]): Selector {
  try {
    return selectorOf(selector)
  } catch {
    return Selector.nothing
  }
}
