import { cidrContains, parseCIDR, parseIP } from '#machinery'
import { destinationOf } from '../policy-filter.ts'
import type { Direction, Flow, PolicyPeer, PolicyPort, PolicyRule, PolicyState } from '../policy-filter.ts'
import type { Protocol } from '../packet-filter.ts'

/**
 * A judge of flows: whether the policies of this node's pods allow them. What the packet filter does with first packets,
 * for those that have passed already.
 */
export function judgeOf(state: PolicyState): (flow: Flow) => boolean {
  const isolated = new Map<string, { readonly ingress?: readonly string[]; readonly egress?: readonly string[] }>()
  for (const pod of state.pods.values()) for (const address of pod.addresses) isolated.set(address, pod)
  const sets = new Map<string, ReadonlySet<string>>()
  const members = (key: string): ReadonlySet<string> => {
    let known = sets.get(key)
    if (!known) sets.set(key, (known = new Set(state.sets.get(key)?.members)))
    return known
  }
  const peerMatches = (peer: PolicyPeer, address: string): boolean => {
    if ('set' in peer) return members(peer.set).has(address)
    return within(peer.block, address) && !peer.except.some((block) => within(block, address))
  }
  const portMatches = (port: PolicyPort, { protocol, destination, port: number }: Flow): boolean => {
    if ('set' in port) return members(port.set).has(destinationOf(destination, protocol as Protocol, number))
    if (port.protocol !== protocol) return false
    return port.from === undefined || (number >= port.from && number <= (port.to ?? port.from))
  }
  const allows = ({ peers, ports }: PolicyRule, flow: Flow, other: string): boolean =>
    (peers === undefined || peers.some((peer) => peerMatches(peer, other))) &&
    (ports === undefined || ports.some((port) => portMatches(port, flow)))
  const open = (direction: Direction, flow: Flow): boolean => {
    const [own, other] = direction === 'ingress' ? [flow.destination, flow.source] : [flow.source, flow.destination]
    const policies = isolated.get(own)?.[direction]
    if (!policies) return true
    return policies.some((key) => state.policies.get(key)?.rules.some((rule) => allows(rule, flow, other)))
  }
  return (flow) => flow.source === flow.destination || (open('egress', flow) && open('ingress', flow))
}

function within(block: string, address: string): boolean {
  const parsed = parseCIDR(block)
  const bytes = parseIP(address)
  return parsed !== undefined && bytes !== undefined && cidrContains(parsed, bytes)
}
