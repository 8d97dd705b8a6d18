import type { IPFamily } from '#machinery'
import { ipFamilyOf } from '#machinery'
import type { NodeRules } from '#proxy'
import { familyWords, protocolWords } from './family.ts'
import { chains, hex, names } from './names.ts'
import type { Marks } from './names.ts'

/** A chain and all that it says. */
export interface Chain {
  readonly name: string
  /** Type, hook and priority of a chain that packets enter by themselves. */
  readonly base?: string
  readonly rules: readonly string[]
}

/**
 * The way of a flow's first packet: source ranges, redirection, memory of the choice, refusal, masquerade. Priorities are
 * those of `dstnat` (-100), `filter` (0) and `srcnat` (100), the first one ten off where order counts.
 */
export function baseChains(family: IPFamily, node: NodeRules, marks: Marks): readonly Chain[] {
  const words = wordsOf(family, node, marks)
  const firewall = [`ct state new ${words.destination} vmap @${names.firewall}`]
  const redirect = [`goto ${chains.services}`]
  const remember = remembering(words, marks)
  return [
    // Not by ICMP where it can be helped: the kernel sends only so many such messages per second.
    { name: chains.reject, rules: ['meta l4proto tcp reject with tcp reset', 'reject'] },
    { name: chains.services, rules: redirection(words, node) },
    { name: chains.external, rules: external(words, names.externalCluster, names.externalLocal, words.destination) },
    {
      name: chains.externalNodePort,
      rules: external(words, names.nodePortsCluster, names.nodePortsLocal, 'meta l4proto . th dport'),
    },
    { name: 'firewall-prerouting', base: 'filter hook prerouting priority -110', rules: firewall },
    { name: 'firewall-output', base: 'filter hook output priority -110', rules: firewall },
    { name: 'nat-prerouting', base: 'nat hook prerouting priority -100', rules: redirect },
    { name: 'nat-output', base: 'nat hook output priority -100', rules: redirect },
    { name: 'remember-prerouting', base: 'filter hook prerouting priority -90', rules: remember },
    { name: 'remember-output', base: 'filter hook output priority -90', rules: remember },
    ...refusal(words),
    {
      name: 'nat-postrouting',
      base: 'nat hook postrouting priority 100',
      rules: [
        `meta mark and ${hex(marks.masquerade)} != 0 meta mark set meta mark xor ${hex(marks.masquerade)} masquerade fully-random`,
        `ct status dnat ${words.ip} saddr . ${words.ip} daddr @${names.hairpin} masquerade fully-random`,
      ],
    },
  ]
}

/** Expressions that several rules of a family have in common. */
interface Words {
  readonly ip: string
  /** Address, protocol and port that a packet goes to. */
  readonly destination: string
  /** Marks a packet to be masqueraded. */
  readonly masquerade: string
  readonly podCIDRs: string | undefined
  readonly serviceCIDRs: string | undefined
  /** Matches what goes to a node port; absent where the node opens none in this family. */
  readonly nodePort: string | undefined
}

function wordsOf(family: IPFamily, node: NodeRules, marks: Marks): Words {
  const { ip } = familyWords[family]
  return {
    ip,
    destination: `${ip} daddr . meta l4proto . th dport`,
    masquerade: `meta mark set meta mark or ${hex(marks.masquerade)}`,
    podCIDRs: set(node.podCIDRs, family),
    serviceCIDRs: set(node.serviceCIDRs, family),
    nodePort: nodePortOf(family, node),
  }
}

function nodePortOf(family: IPFamily, { nodePortAddresses }: NodeRules): string | undefined {
  const { ip, loopback } = familyWords[family]
  const own = nodePortAddresses && set(nodePortAddresses, family)
  if (nodePortAddresses && own === undefined) return undefined
  const among = own === undefined ? '' : ` ${ip} daddr ${own}`
  return `fib daddr type local ${ip} daddr != ${loopback}${among} meta l4proto . th dport`
}

function redirection({ ip, destination, masquerade, podCIDRs, nodePort }: Words, node: NodeRules): readonly string[] {
  const toService = `${ip} daddr @${names.clusterIPs}`
  return [
    ...(node.masqueradeAll
      ? [`${toService} ${masquerade}`]
      : podCIDRs
        ? [`${toService} ${ip} saddr != ${podCIDRs} ${masquerade}`]
        : []),
    `${destination} vmap @${names.services}`,
    ...(nodePort === undefined ? [] : [`${nodePort} vmap @${names.nodePorts}`]),
  ]
}

/** Who comes from the cluster may go to every endpoint, others to those that the traffic policy has for them. */
function external({ ip, masquerade, podCIDRs }: Words, cluster: string, local: string, key: string): readonly string[] {
  return [
    ...(podCIDRs ? [`${ip} saddr ${podCIDRs} ${key} vmap @${cluster}`] : []),
    `fib saddr type local ${masquerade} ${key} vmap @${cluster}`,
    `${key} vmap @${local}`,
  ]
}

function remembering({ ip }: Words, marks: Marks): readonly string[] {
  return [
    `meta mark and ${hex(marks.remember)} == 0 accept`,
    `meta mark set meta mark and ${hex(~marks.remember)}`,
    ...Object.values(protocolWords).flatMap((protocol) => [
      `meta l4proto ${protocol} ct original ${ip} daddr . meta l4proto . ct original proto-dst vmap @${names.remember}`,
      `meta l4proto ${protocol} meta l4proto . ct original proto-dst vmap @${names.rememberNodePorts}`,
    ]),
  ]
}

function refusal({ ip, destination, serviceCIDRs, nodePort }: Words): readonly Chain[] {
  const noEndpoints = `ct state new ${destination} vmap @${names.noEndpoints}`
  // A cluster IP that is an address of the node itself is served by the node: no business of these rules.
  const invalidClusterIP = [
    noEndpoints,
    `ct state new ${ip} daddr @${names.clusterIPs} fib daddr type != local goto ${chains.reject}`,
    ...(serviceCIDRs ? [`ct state new ${ip} daddr ${serviceCIDRs} fib daddr type != local drop`] : []),
  ]
  return [
    {
      name: 'filter-input',
      base: 'filter hook input priority 0',
      rules: [
        noEndpoints,
        ...(nodePort === undefined ? [] : [`ct state new ${nodePort} vmap @${names.noEndpointsNodePorts}`]),
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
  ]
}

/** The members of a family as an anonymous set; `undefined` when there are none. */
function set(members: readonly string[], family: IPFamily): string | undefined {
  const own = members.filter((member) => ipFamilyOf(member) === family)
  return own.length === 0 ? undefined : `{ ${own.join(', ')} }`
}
