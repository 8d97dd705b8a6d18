import type { Direction, PolicyPeer, PolicyPort, PolicyRule, RuleAction } from '../policy-filter.ts'
import type { Labels } from '#machinery'
import type { ClusterNetworkPolicy, ClusterPeer, ClusterPods, ClusterProtocol, ClusterRule } from './cluster-policy.ts'
import type { PodFacts } from './facts.ts'
import { addresses, canonicalBlock, destinations, everyPod, nodeAddresses, readSelector, selects } from './parse.ts'
import type { PodQuery, SetQuery } from './parse.ts'

/** A cluster policy with its selectors read. */
export interface ParsedClusterPolicy {
  readonly name: string
  readonly tier: ClusterNetworkPolicy['spec']['tier']
  readonly priority: number
  readonly directions: ReadonlyMap<Direction, readonly PolicyRule[]>
  readonly queries: readonly SetQuery[]
  selects(pod: PodFacts, namespaceLabels: Labels): boolean
}

const actions: { readonly [action in ClusterRule['action']]: RuleAction } = {
  Accept: 'accept',
  Deny: 'deny',
  Pass: 'pass',
}

export function parseClusterPolicy({ metadata, spec }: ClusterNetworkPolicy): ParsedClusterPolicy {
  const subject = podsOf(spec.subject)
  const queries = new Map<string, SetQuery>()
  const use = (query: SetQuery): string => {
    queries.set(query.key, query)
    return query.key
  }
  const read = (rules: readonly ClusterRule[], peersOf: (index: number) => readonly ClusterPeer[], named: boolean) =>
    rules.flatMap((rule, index): readonly PolicyRule[] => {
      const peers = peersOf(index)
      // A name stands for a port of whoever is asked.
      const targets = named ? (subject ? [subject] : []) : peers.flatMap((peer) => podsOf(peer) ?? [])
      return ruleOf(rule, peers, targets, use)
    })
  const directions = new Map<Direction, readonly PolicyRule[]>()
  const { ingress = [], egress = [] } = spec
  if (ingress.length > 0)
    directions.set(
      'ingress',
      read(ingress, (index) => ingress[index]?.from ?? [], true),
    )
  if (egress.length > 0)
    directions.set(
      'egress',
      read(egress, (index) => egress[index]?.to ?? [], false),
    )
  return {
    name: metadata.name ?? '',
    tier: spec.tier,
    priority: spec.priority,
    directions,
    queries: [...queries.values()],
    selects: (pod, labels) => subject !== undefined && selects(subject, pod, labels),
  }
}

/**
 * What a rule says. One that has parts we do not know is of another version: where it accepts it is about nobody then, and
 * where it does not it refuses everybody, as the specification has it.
 */
function ruleOf(
  { action, protocols = [] }: ClusterRule,
  peers: readonly ClusterPeer[],
  targets: readonly PodQuery[],
  use: (query: SetQuery) => string,
): readonly PolicyRule[] {
  const known = peers.map((peer) => peerOf(peer, use))
  const ports = protocols.map((protocol) => portsOf(protocol, targets, use))
  if (known.includes(undefined) || ports.includes(undefined)) return action === 'Accept' ? [] : [{ action: 'deny' }]
  return [
    {
      action: actions[action],
      peers: known.flatMap((each) => each ?? []),
      ...(ports.length > 0 ? { ports: ports.flatMap((each) => each ?? []) } : {}),
    },
  ]
}

function peerOf(peer: ClusterPeer, use: (query: SetQuery) => string): readonly PolicyPeer[] | undefined {
  if (peer.networks) return peer.networks.map((block) => ({ block: canonicalBlock(block), except: [] }))
  if (peer.nodes) return [{ set: use(nodeAddresses(readSelector(peer.nodes))) }]
  const pods = podsOf(peer)
  return pods && [{ set: use(addresses(pods)) }]
}

function podsOf({ namespaces, pods }: ClusterPods): PodQuery | undefined {
  if (namespaces) return { namespaces: readSelector(namespaces), pods: everyPod.pods }
  if (!pods) return undefined
  return { namespaces: readSelector(pods.namespaceSelector ?? {}), pods: readSelector(pods.podSelector ?? {}) }
}

const protocolNames = ['tcp', 'udp', 'sctp'] as const

function portsOf(
  protocol: ClusterProtocol,
  targets: readonly PodQuery[],
  use: (query: SetQuery) => string,
): readonly PolicyPort[] | undefined {
  const { destinationNamedPort } = protocol
  if (destinationNamedPort !== undefined) {
    return (['TCP', 'UDP', 'SCTP'] as const).flatMap((each) =>
      targets.map((target) => ({ protocol: each, set: use(destinations(target, destinationNamedPort, each)) })),
    )
  }
  const name = protocolNames.find((each) => protocol[each] !== undefined)
  if (name === undefined) return undefined
  const { number, range } = protocol[name]?.destinationPort ?? {}
  const which = name.toUpperCase() as 'TCP' | 'UDP' | 'SCTP'
  if (range) return [{ protocol: which, from: range.start, to: range.end }]
  return [number === undefined ? { protocol: which } : { protocol: which, from: number, to: number }]
}
