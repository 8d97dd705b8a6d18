import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type { HostPort } from './host-ports.ts'

/** What the node's packet filter has to do for pods, beside services and policies. */
export interface PodRules {
  /** The node's own blocks of pod addresses. */
  readonly podCIDRs: readonly string[]
  /** Blocks and addresses that see pods as they are: all pods, all nodes. Everybody else sees the node. */
  readonly inner: readonly string[]
  readonly hostPorts: readonly HostPort[]
  /** Devices of tunnels: connections through them fit into what they can carry. */
  readonly tunnels: readonly string[]
}

const words = {
  IPv4: { ip: 'ip', address: 'ipv4_addr', loopback: '127.0.0.0/8', multicast: '224.0.0.0/4' },
  IPv6: { ip: 'ip6', address: 'ipv6_addr', loopback: '::1', multicast: 'ff00::/8' },
} as const

/** Commands that give a family's table exactly these rules, in one transaction. */
export function podTable(table: string, family: IPFamily, rules: PodRules): string {
  const { ip, address, loopback, multicast } = words[family]
  const to = `${ip} ${table}`
  const own = rules.podCIDRs.filter((block) => ipFamilyOf(block) === family)
  const inner = rules.inner.filter((block) => ipFamilyOf(block) === family)
  const ports = rules.hostPorts.filter((port) => port.family === family)
  const commands = [`add table ${to}`, `delete table ${to}`, `add table ${to}`]
  const chain = (name: string, base: string, lines: readonly string[]): void => {
    commands.push(`add chain ${to} ${name} { type ${base}; }`)
    for (const line of lines) commands.push(`add rule ${to} ${name} ${line}`)
  }
  commands.push(
    `add set ${to} inner { type ${address}; flags interval; auto-merge; }`,
    `add set ${to} hairpin { type ${address} . ${address}; }`,
    ...elements(`set ${to} inner`, inner),
    ...elements(`set ${to} hairpin`, [...new Set(ports.map(({ podIP }) => `${podIP} . ${podIP}`))]),
  )
  const redirect: string[] = []
  for (const protocol of ['tcp', 'udp', 'sctp']) {
    const those = ports.filter((port) => port.protocol.toLowerCase() === protocol)
    const bound = those.filter((port) => port.hostIP !== undefined)
    const open = those.filter((port) => port.hostIP === undefined)
    if (bound.length > 0) {
      const map = entries(bound, (port) => `${port.hostIP} . ${port.hostPort}`)
      redirect.push(`fib daddr type local dnat ${ip} to ${ip} daddr . ${protocol} dport map { ${map} }`)
    }
    if (open.length > 0) {
      const map = entries(open, (port) => `${port.hostPort}`)
      redirect.push(`fib daddr type local dnat ${ip} to ${protocol} dport map { ${map} }`)
    }
  }
  if (redirect.length > 0) {
    // After services: where a node port and a host port have the same number, the service has it.
    chain('host-ports-prerouting', 'nat hook prerouting priority -95', redirect)
    chain('host-ports-output', 'nat hook output priority -95', redirect)
  }
  // Host ports are open on loopback too, so the node routes such packets; from and to other machines they are fakes.
  chain('loopback-prerouting', 'filter hook prerouting priority -300', [
    `iifname != "lo" ${ip} daddr ${loopback} drop`,
    `iifname != "lo" ${ip} saddr ${loopback} drop`,
  ])
  if (rules.tunnels.length > 0) {
    const fit = 'tcp flags syn tcp option maxseg size set rt mtu'
    const lines = rules.tunnels.map((device) => `oifname "${device}" ${fit}`)
    chain('tunnel', 'filter hook forward priority -150', lines)
  }
  chain('outwards', 'nat hook postrouting priority 100', [
    `ct status dnat ${ip} saddr ${loopback} oifname != "lo" masquerade`,
    `ct status dnat ${ip} saddr . ${ip} daddr @hairpin masquerade`,
    ...(own.length > 0
      ? [`${ip} saddr { ${own.join(', ')} } ${ip} daddr != @inner ${ip} daddr != ${multicast} masquerade fully-random`]
      : []),
  ])
  chain('loopback-postrouting', 'filter hook postrouting priority 110', [
    `oifname != "lo" ${ip} saddr ${loopback} drop`,
  ])
  return `${commands.join('\n')}\n`
}

/** The first pod that asks for a port has it. */
function entries(ports: readonly HostPort[], keyOf: (port: HostPort) => string): string {
  const map = new Map<string, string>()
  for (const port of ports) {
    const key = keyOf(port)
    if (!map.has(key)) map.set(key, `${port.podIP} . ${port.containerPort}`)
  }
  return [...map].map(([key, value]) => `${key} : ${value}`).join(', ')
}

function elements(set: string, members: readonly string[]): readonly string[] {
  if (members.length === 0) return []
  return [`add element ${set.replace('set ', '')} { ${[...new Set(members)].join(', ')} }`]
}
