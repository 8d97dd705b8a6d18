import type { NetworkPolicy } from '#api/networking/v1'
import { cidrContains, keyOf, parseCIDR, parseIP } from '#machinery'
import type { Labels } from '#machinery'
import type { Protocol } from '../packet-filter.ts'
import type { PodFacts } from '../policy/facts.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { SetQuery } from '../policy/parse.ts'
import { destinationOf } from '../policy-filter.ts'
import type { Direction, PolicyPeer, PolicyPort } from '../policy-filter.ts'

/** One end of a connection, as policies see it. */
export interface Party {
  readonly address: string
  /** Absent for whoever is no pod, or is in its node's network. */
  readonly pod?: PodFacts
  readonly namespaceLabels: Labels
}

/** What policies say of a connection in one direction. */
export interface PolicyVerdict {
  readonly allowed: boolean
  /** Keys of the policies that select the pod, `namespace/name`; of those that allow it, where any does. */
  readonly policies: readonly string[]
}

const open: PolicyVerdict = { allowed: true, policies: [] }

/**
 * Judges a connection to a port of an address by the policies that select the pod at one end, as the node's filter would.
 *
 * @param direction `egress` for the pod that asks, `ingress` for the one that is asked.
 */
export function judge(
  policies: Iterable<NetworkPolicy>,
  direction: Direction,
  { from, to }: { readonly from: Party; readonly to: Party },
  { protocol, port }: { readonly protocol: Protocol; readonly port: number },
): PolicyVerdict {
  const [subject, peer] = direction === 'egress' ? [from, to] : [to, from]
  if (!subject.pod) return open
  const selecting: string[] = []
  const allowing: string[] = []
  for (const policy of policies) {
    const parsed = parsePolicy(policy)
    const rules = parsed.directions.get(direction)
    if (!rules || parsed.namespace !== subject.pod.namespace || !parsed.selector.matches(subject.pod.labels)) continue
    selecting.push(keyOf(policy))
    const queries = new Map(parsed.queries.map((query) => [query.key, query]))
    const allows = rules.some(
      ({ peers, ports }) =>
        (peers?.some((each) => isPeer(each, peer, queries)) ?? true) &&
        (ports?.some((each) => isPort(each, to, { protocol, port }, queries)) ?? true),
    )
    if (allows) allowing.push(keyOf(policy))
  }
  if (selecting.length === 0) return open
  return allowing.length > 0 ? { allowed: true, policies: allowing } : { allowed: false, policies: selecting }
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

const membersOf = (
  set: string,
  { pod, namespaceLabels }: Party,
  queries: ReadonlyMap<string, SetQuery>,
): readonly string[] => (pod ? (queries.get(set)?.membersOf(pod, namespaceLabels) ?? []) : [])

function holds(block: string, address: string): boolean {
  const [parsed, bytes] = [parseCIDR(block), parseIP(address)]
  return parsed !== undefined && bytes !== undefined && cidrContains(parsed, bytes)
}
