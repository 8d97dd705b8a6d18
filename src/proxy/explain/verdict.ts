import type { NetworkPolicy } from '#api/networking/v1'
import { cidrContains, keyOf, parseCIDR, parseIP } from '#machinery'
import type { Labels } from '#machinery'
import type { Protocol } from '../packet-filter.ts'
import type { ClusterNetworkPolicy } from '../policy/cluster-policy.ts'
import type { NodeFacts, PodFacts } from '../policy/facts.ts'
import { parseClusterPolicy } from '../policy/parse-cluster.ts'
import { inOrder } from '../policy/tiers.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { SetQuery } from '../policy/parse.ts'
import { destinationOf } from '../policy-filter.ts'
import type { Direction, PolicyPeer, PolicyPort, PolicyRule } from '../policy-filter.ts'

/** One end of a connection, as policies see it. */
export interface Party {
  readonly address: string
  /** Absent for whoever is no pod, or is in its node's network. */
  readonly pod?: PodFacts
  /** The node whose address it is, where it is a node's. */
  readonly node?: NodeFacts
  readonly namespaceLabels: Labels
}

/** What policies say of a connection in one direction. */
export interface PolicyVerdict {
  readonly allowed: boolean
  /** Keys of the policies that select the pod, `namespace/name`; of those that allow it, where any does. */
  readonly policies: readonly string[]
  /** What they are; NetworkPolicies when absent. */
  readonly kind?: 'ClusterNetworkPolicy'
}

/** The policies of a verdict, by their kind. */
export const policiesText = ({ kind, policies }: PolicyVerdict): string =>
  `${kind ?? 'NetworkPolicy'} ${policies.join(', ')}`

const open: PolicyVerdict = { allowed: true, policies: [] }

/**
 * Judges a connection to a port of an address by the policies that select the pod at one end, as the node's filter would:
 * cluster policies of the tier Admin, then NetworkPolicies, then, where there are none of these, the tier Baseline.
 *
 * @param direction `egress` for the pod that asks, `ingress` for the one that is asked.
 */
export function judge(
  { policies, clusterPolicies = [] }: Policies,
  direction: Direction,
  ends: Ends,
  asked: Asked,
): PolicyVerdict {
  const tier = (name: ClusterNetworkPolicy['spec']['tier']): PolicyVerdict | undefined =>
    judgeTier(
      clusterPolicies.filter(({ spec }) => spec.tier === name),
      direction,
      ends,
      asked,
    )
  return tier('Admin') ?? judgeNetworkPolicies(policies, direction, ends, asked) ?? tier('Baseline') ?? open
}

export interface Policies {
  readonly policies: readonly NetworkPolicy[]
  /** None when absent. */
  readonly clusterPolicies?: readonly ClusterNetworkPolicy[]
}

interface Ends {
  readonly from: Party
  readonly to: Party
}

interface Asked {
  readonly protocol: Protocol
  readonly port: number
}

/** What the first rule says that is about the connection; `undefined` where none is, or where it passes it on. */
function judgeTier(
  policies: readonly ClusterNetworkPolicy[],
  direction: Direction,
  ends: Ends,
  asked: Asked,
): PolicyVerdict | undefined {
  const [subject, peer] = direction === 'egress' ? [ends.from, ends.to] : [ends.to, ends.from]
  const { pod, namespaceLabels } = subject
  if (!pod) return undefined
  const parsed = policies
    .map(parseClusterPolicy)
    .filter((policy) => policy.selects(pod, namespaceLabels))
    .sort(inOrder)
  for (const { name, directions, queries } of parsed) {
    const found = directions.get(direction)?.find((rule) => isAbout(rule, peer, ends.to, asked, queries))
    if (!found) continue
    if (found.action === 'pass') return undefined
    return { allowed: found.action !== 'deny', policies: [name], kind: 'ClusterNetworkPolicy' }
  }
  return undefined
}

/** `undefined` where no policy selects the pod. */
function judgeNetworkPolicies(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  { from, to }: Ends,
  asked: Asked,
): PolicyVerdict | undefined {
  const [subject, peer] = direction === 'egress' ? [from, to] : [to, from]
  if (!subject.pod) return undefined
  const selecting: string[] = []
  const allowing: string[] = []
  for (const policy of policies) {
    const parsed = parsePolicy(policy)
    const rules = parsed.directions.get(direction)
    if (!rules || parsed.namespace !== subject.pod.namespace || !parsed.selector.matches(subject.pod.labels)) continue
    selecting.push(keyOf(policy))
    if (rules.some((rule) => isAbout(rule, peer, to, asked, parsed.queries))) allowing.push(keyOf(policy))
  }
  if (selecting.length === 0) return undefined
  return allowing.length > 0 ? { allowed: true, policies: allowing } : { allowed: false, policies: selecting }
}

function isAbout(
  { peers, ports }: PolicyRule,
  peer: Party,
  to: Party,
  asked: Asked,
  queries: readonly SetQuery[],
): boolean {
  const byKey = new Map(queries.map((query) => [query.key, query]))
  return (
    (peers?.some((each) => isPeer(each, peer, byKey)) ?? true) &&
    (ports?.some((each) => isPort(each, to, asked, byKey)) ?? true)
  )
}

function isPeer(peer: PolicyPeer, party: Party, queries: ReadonlyMap<string, SetQuery>): boolean {
  if ('set' in peer) return membersOf(peer.set, party, queries).includes(party.address)
  return holds(peer.block, party.address) && !peer.except.some((block) => holds(block, party.address))
}

function isPort(
  allowed: PolicyPort,
  to: Party,
  { protocol, port }: { readonly protocol: Protocol; readonly port: number },
  queries: ReadonlyMap<string, SetQuery>,
): boolean {
  if (allowed.protocol !== protocol) return false
  if ('set' in allowed) return membersOf(allowed.set, to, queries).includes(destinationOf(to.address, protocol, port))
  return allowed.from === undefined || (allowed.from <= port && port <= (allowed.to ?? allowed.from))
}

function membersOf(
  set: string,
  { pod, node, namespaceLabels }: Party,
  queries: ReadonlyMap<string, SetQuery>,
): readonly string[] {
  const query = queries.get(set)
  return [...((pod && query?.membersOf(pod, namespaceLabels)) ?? []), ...((node && query?.membersOfNode?.(node)) ?? [])]
}

function holds(block: string, address: string): boolean {
  const [parsed, bytes] = [parseCIDR(block), parseIP(address)]
  return parsed !== undefined && bytes !== undefined && cidrContains(parsed, bytes)
}
