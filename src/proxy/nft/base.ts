import type { IPFamily } from '#machinery'
import type { NodeRules } from '#proxy'
import { baseChains } from './base-chains.ts'
import { familyWords, protocolWords } from './family.ts'
import { mapOf, targetPortsOf } from './layout.ts'
import { endpointLists, names } from './names.ts'
import type { Marks } from './names.ts'

/**
 * Declarations of the table's sets and maps.
 *
 * @param room sizes of those that are to have one.
 */
export function declarations(table: string, family: IPFamily, room: ReadonlyMap<string, number>): readonly string[] {
  const size = (name: string): string => (room.has(name) ? ` size ${room.get(name)};` : '')
  const { ip, address } = familyWords[family]
  const to = `${ip} ${table}`
  const byAddress = `type ${address} . inet_proto . inet_service : verdict;`
  const byPort = 'type inet_proto . inet_service : verdict;'
  const maps: [string, string][] = [
    [names.services, byAddress],
    [names.nodePorts, byPort],
    [names.externalCluster, byAddress],
    [names.nodePortsCluster, byPort],
    [names.externalLocal, byAddress],
    [names.nodePortsLocal, byPort],
    [names.noEndpoints, byAddress],
    [names.noEndpointsNodePorts, byPort],
    [names.firewall, byAddress],
    [names.remember, byAddress],
    [names.rememberNodePorts, byPort],
  ]
  for (const protocol of Object.values(protocolWords)) {
    for (const list of endpointLists) {
      // The index is a 32-bit number, a type that only an expression can name. `th dport` won't do in place of the
      // protocol's own: nft 1.0.6 can't read back a rule that uses it with a protocol.
      const onNode = list.startsWith('node-port')
      const place = `${onNode ? '' : `${ip} daddr . `}${protocol} dport`
      const key = `${place} . numgen random mod 65536`
      maps.push([mapOf(protocol, list, false), `typeof ${key} : ${ip} daddr;`])
      maps.push([mapOf(protocol, list, true), `typeof ${key} : ${ip} daddr . ${protocol} dport;`])
      if (!list.includes('local')) maps.push([targetPortsOf(protocol, onNode), `typeof ${place} : ${protocol} dport;`])
    }
  }
  return [
    `add table ${to}`,
    `add set ${to} ${names.clusterIPs} { type ${address};${size(names.clusterIPs)} }`,
    `add set ${to} ${names.hairpin} { type ${address} . ${address}; }`,
    ...maps.map(([name, type]) => `add map ${to} ${name} { ${type}${size(name)} }`),
  ]
}

/** Commands that make the chains say what they shall, whatever they said before. */
export function baseRules(table: string, family: IPFamily, node: NodeRules, marks: Marks): readonly string[] {
  const to = `${familyWords[family].ip} ${table}`
  const all = baseChains(family, node, marks)
  return [
    ...all.map(({ name, base }) => `add chain ${to} ${name}${base === undefined ? '' : ` { type ${base}; }`}`),
    ...all.map(({ name }) => `flush chain ${to} ${name}`),
    ...all.flatMap(({ name, rules }) => rules.map((rule) => `add rule ${to} ${name} ${rule}`)),
  ]
}
