import type { IPFamily } from '#machinery'
import { ipFamilyOf } from '#machinery'
import type { NodeRules } from '#proxy'
import { familyWords, protocolWords } from './family.ts'
import { mapOf, targetPortsOf } from './layout.ts'
import { chains, endpointLists, hex, names } from './names.ts'
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

interface Chain {
  readonly name: string
  /** Type, hook and priority of a chain that packets enter by themselves. */
  readonly base?: string
  readonly rules: readonly string[]
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

/**
 * The way of a flow's first packet: source ranges, redirection, memory of the choice, refusal, masquerade. Priorities are
 * those of `dstnat` (-100), `filter` (0) and `srcnat` (100), the first one ten off where order counts.
 */
function baseChains(family: IPFamily, node: NodeRules, marks: Marks): readonly Chain[] {
  const { ip, loopback } = familyWords[family]
  const destination = `${ip} daddr . meta l4proto . th dport`
  const masquerade = `meta mark set meta mark or ${hex(marks.masquerade)}`
  const podCIDRs = set(node.podCIDRs, family)
  const serviceCIDRs = set(node.serviceCIDRs, family)
  const firewall = [`ct state new ${destination} vmap @${names.firewall}`]
  const remember = [
    `meta mark and ${hex(marks.remember)} == 0 accept`,
    `meta mark set meta mark and ${hex(~marks.remember)}`,
    ...Object.values(protocolWords).flatMap((protocol) => [
      `meta l4proto ${protocol} ct original ${ip} daddr . meta l4proto . ct original proto-dst vmap @${names.remember}`,
      `meta l4proto ${protocol} meta l4proto . ct original proto-dst vmap @${names.rememberNodePorts}`,
    ]),
  ]
  const noEndpoints = `ct state new ${destination} vmap @${names.noEndpoints}`
  const nodePortAddresses = node.nodePortAddresses ? `${ip} daddr ${set(node.nodePortAddresses, family) ?? '{ }'}` : ''
  const ownAddress = `fib daddr type local ${ip} daddr != ${loopback} ${nodePortAddresses}`
  const nodePortsOpen = !node.nodePortAddresses || set(node.nodePortAddresses, family) !== undefined
  // A cluster IP that is an address of the node itself is served by the node: no business of these rules.
  const invalidClusterIP = [
    noEndpoints,
    `ct state new ${ip} daddr @${names.clusterIPs} fib daddr type != local goto ${chains.reject}`,
    ...(serviceCIDRs ? [`ct state new ${ip} daddr ${serviceCIDRs} fib daddr type != local drop`] : []),
  ]
  const external = (cluster: string, local: string, key: string): readonly string[] => [
    ...(podCIDRs ? [`${ip} saddr ${podCIDRs} ${key} vmap @${cluster}`] : []),
    `fib saddr type local ${masquerade} ${key} vmap @${cluster}`,
    `${key} vmap @${local}`,
  ]
  return [
    // Not by ICMP where it can be helped: the kernel sends only so many such messages per second.
    { name: chains.reject, rules: ['meta l4proto tcp reject with tcp reset', 'reject'] },
    {
      name: chains.services,
      rules: [
        ...(node.masqueradeAll
          ? [`${ip} daddr @${names.clusterIPs} ${masquerade}`]
          : podCIDRs
            ? [`${ip} daddr @${names.clusterIPs} ${ip} saddr != ${podCIDRs} ${masquerade}`]
            : []),
        `${destination} vmap @${names.services}`,
        ...(nodePortsOpen ? [`${ownAddress} meta l4proto . th dport vmap @${names.nodePorts}`] : []),
      ],
    },
    { name: chains.external, rules: external(names.externalCluster, names.externalLocal, destination) },
    {
      name: chains.externalNodePort,
      rules: external(names.nodePortsCluster, names.nodePortsLocal, 'meta l4proto . th dport'),
    },
    { name: 'firewall-prerouting', base: 'filter hook prerouting priority -110', rules: firewall },
    { name: 'firewall-output', base: 'filter hook output priority -110', rules: firewall },
    { name: 'nat-prerouting', base: 'nat hook prerouting priority -100', rules: [`goto ${chains.services}`] },
    { name: 'nat-output', base: 'nat hook output priority -100', rules: [`goto ${chains.services}`] },
    { name: 'remember-prerouting', base: 'filter hook prerouting priority -90', rules: remember },
    { name: 'remember-output', base: 'filter hook output priority -90', rules: remember },
    {
      name: 'filter-input',
      base: 'filter hook input priority 0',
      rules: [
        noEndpoints,
        ...(nodePortsOpen
          ? [`ct state new ${ownAddress} meta l4proto . th dport vmap @${names.noEndpointsNodePorts}`]
          : []),
      ],
    },
    {
      name: 'filter-forward',
      base: 'filter hook forward priority 0',
      // A packet that conntrack can't place would go on without being translated back, and its receiver would reset the
      // connection.
      rules: ['ct state invalid drop', ...invalidClusterIP],
    },
    { name: 'filter-output', base: 'filter hook output priority 0', rules: invalidClusterIP },
    {
      name: 'nat-postrouting',
      base: 'nat hook postrouting priority 100',
      rules: [
        `meta mark and ${hex(marks.masquerade)} != 0 meta mark set meta mark xor ${hex(marks.masquerade)} masquerade fully-random`,
        `ct status dnat ${ip} saddr . ${ip} daddr @${names.hairpin} masquerade fully-random`,
      ],
    },
  ]
}

/** The members of a family as an anonymous set; `undefined` when there are none. */
function set(members: readonly string[], family: IPFamily): string | undefined {
  const own = members.filter((member) => ipFamilyOf(member) === family)
  return own.length === 0 ? undefined : `{ ${own.join(', ')} }`
}
