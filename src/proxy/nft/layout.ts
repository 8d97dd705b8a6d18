import type { IPFamily } from '#machinery'
import type { Backend, Frontend, ServicePortRules } from '#proxy'
import { familyWords, protocolWords } from './family.ts'
import { chains, hex, names } from './names.ts'
import type { EndpointList, Marks } from './names.ts'

/** Endpoints of a service port, each at its index. */
export interface Seats {
  readonly endpoints: readonly Backend[]
  readonly localEndpoints: readonly Backend[]
}

/** Takes what a service port puts into a table, piece by piece. */
export interface LayoutSink {
  element(map: string, key: string, value: string): void
  /** A member of a set that service ports share; may come several times. */
  member(set: string, member: string): void
  /** A chain that many share and that stays: it depends on a list's length only. */
  commonChain(name: string, rules: () => readonly string[]): void
  /** A chain of this service port alone; may come several times. */
  ownChain(name: string, rules: readonly string[]): void
  /** A map of this service port that remembers clients, by the port of the endpoints in it. */
  affinityMap(name: string, port: number): void
}

/** Lays a service port out; pure, so that the difference of two layouts is what has to be changed. */
export function layOut(rules: ServicePortRules, seats: Seats, marks: Marks, sink: LayoutSink): void {
  new ServicePortLayout(rules, seats, marks, sink).run()
}

class ServicePortLayout {
  readonly #rules: ServicePortRules
  readonly #seats: Seats
  readonly #marks: Marks
  readonly #sink: LayoutSink
  readonly #ip: string
  readonly #protocol: string
  /** Port of all endpoints; `undefined` where they have several. */
  readonly #targetPort: number | undefined
  /** Names of affinity maps and their target ports; none without affinity. */
  #affinityMaps: readonly (readonly [name: string, port: number])[] = []

  constructor(rules: ServicePortRules, seats: Seats, marks: Marks, sink: LayoutSink) {
    this.#rules = rules
    this.#seats = seats
    this.#marks = marks
    this.#sink = sink
    this.#ip = familyWords[rules.family].ip
    this.#protocol = protocolWords[rules.protocol]
    this.#targetPort = targetPortOf(rules)
  }

  run(): void {
    const { clusterIP, endpoints, localEndpoints, frontends, affinitySeconds } = this.#rules
    this.#sink.member(names.clusterIPs, clusterIP)
    for (const list of [endpoints, localEndpoints]) {
      for (const { address, local } of list) if (local) this.#sink.member(names.hairpin, `${address} . ${address}`)
    }
    if (affinitySeconds !== undefined) this.#affinity(affinitySeconds)
    for (const frontend of frontends) this.#frontend(frontend)
  }

  /** Tells what belongs to this service port from what belongs to others. */
  get #own(): string {
    const { namespace, service, port } = this.#rules
    return `${namespace}/${service}/${this.#protocol}/${port}`
  }

  #frontend(frontend: Frontend): void {
    const { address, port, route, sources } = frontend
    const onNode = address === undefined
    const full = onNode ? `${this.#protocol} . ${port}` : `${address} . ${this.#protocol} . ${port}`
    const dispatch = onNode ? names.nodePorts : names.services
    const refuse = onNode ? names.noEndpointsNodePorts : names.noEndpoints
    if (this.#targetPort !== undefined && route !== 'Reject' && route !== 'Drop') {
      const key = onNode ? `${port}` : `${address} . ${port}`
      this.#sink.element(targetPortsOf(this.#protocol, onNode), key, `${this.#targetPort}`)
    }
    switch (route) {
      case 'Cluster':
        this.#sink.element(dispatch, full, this.#toAll(frontend, false))
        break
      case 'Local':
        this.#sink.element(dispatch, full, this.#toLocal(frontend))
        break
      case 'ExternalCluster':
        this.#sink.element(dispatch, full, this.#toAll(frontend, true))
        break
      case 'ExternalLocal':
        this.#sink.element(dispatch, full, `goto ${onNode ? chains.externalNodePort : chains.external}`)
        this.#sink.element(onNode ? names.nodePortsCluster : names.externalCluster, full, this.#toAll(frontend, false))
        if (this.#seats.localEndpoints.length > 0)
          this.#sink.element(onNode ? names.nodePortsLocal : names.externalLocal, full, this.#toLocal(frontend))
        else this.#sink.element(refuse, full, 'drop')
        break
      case 'Reject':
        this.#sink.element(refuse, full, `goto ${chains.reject}`)
        break
      case 'Drop':
        this.#sink.element(refuse, full, 'drop')
        break
    }
    if (this.#affinityMaps.length > 0)
      this.#sink.element(onNode ? names.rememberNodePorts : names.remember, full, `goto remember/${this.#own}`)
    if (sources) {
      const chain = `sources/${this.#own}`
      this.#sink.ownChain(chain, [`${this.#ip} saddr != { ${sources.join(', ')} } drop`])
      this.#sink.element(names.firewall, full, `goto ${chain}`)
    }
  }

  #toAll({ address, port }: Frontend, masquerade: boolean): string {
    if (address === undefined) return this.#list('node-port-endpoints', `${port}`, this.#seats.endpoints, masquerade)
    return this.#list('endpoints', `${address} . ${port}`, this.#seats.endpoints, masquerade)
  }

  #toLocal({ address, port }: Frontend): string {
    if (address === undefined)
      return this.#list('node-port-local-endpoints', `${port}`, this.#seats.localEndpoints, false)
    return this.#list('local-endpoints', `${address} . ${port}`, this.#seats.localEndpoints, false)
  }

  /**
   * Puts a frontend's endpoints into a list, without the port where it is that of all: nft takes a fifth less time for fewer
   * words.
   *
   * @returns the verdict that sends a flow to one of them.
   */
  #list(list: EndpointList, key: string, backends: readonly Backend[], masquerade: boolean): string {
    const mixed = this.#targetPort === undefined
    const map = mapOf(this.#protocol, list, mixed)
    for (let index = 0; index < backends.length; index++) {
      const { address, port } = backends[index] as Backend
      this.#sink.element(map, `${key} . ${index}`, mixed ? `${address} . ${port}` : address)
    }
    const common = `${map}-${backends.length}`
    this.#sink.commonChain(common, () => choiceChain(map, backends.length, this.#rules.family)?.rules ?? [])
    const chain = this.#affinityMaps.length > 0 ? this.#sticky(list, common) : common
    return `goto ${masquerade ? this.#masqueraded(chain, chain === common) : chain}`
  }

  #masqueraded(chain: string, common: boolean): string {
    const name = `${chain}-masquerade`
    const rules = (): readonly string[] => [
      `meta mark set meta mark or ${hex(this.#marks.masquerade)}`,
      `goto ${chain}`,
    ]
    if (common) this.#sink.commonChain(name, rules)
    else this.#sink.ownChain(name, rules())
    return name
  }

  /**
   * Tries the endpoint that the client had last, then any. The choice is remembered behind the redirection, where the
   * packet shows it; a value of address and port together is more than nft 1.0.6 can put there for IPv6, so each target
   * port has a map of its own. There is one but for named ports that differ from pod to pod.
   */
  #sticky(list: EndpointList, chain: string): string {
    const name = `sticky/${this.#own}/${list}`
    this.#sink.ownChain(name, [
      `meta mark set meta mark or ${hex(this.#marks.remember)}`,
      ...this.#affinityMaps.map(
        ([map, port]) => `meta l4proto ${this.#protocol} dnat ${this.#ip} to ${this.#ip} saddr map @${map} : ${port}`,
      ),
      `goto ${chain}`,
    ])
    return name
  }

  #affinity(seconds: number): void {
    this.#affinityMaps = affinityMapsOf(this.#rules)
    if (this.#affinityMaps.length === 0) return
    for (const [map, port] of this.#affinityMaps) this.#sink.affinityMap(map, port)
    this.#sink.ownChain(
      `remember/${this.#own}`,
      this.#affinityMaps.map(
        ([map, port]) =>
          `${this.#protocol} dport ${port} update @${map} { ${this.#ip} saddr timeout ${seconds}s : ${this.#ip} daddr }`,
      ),
    )
  }
}

/** The port that all endpoints of a service port have; `undefined` where they have several, or there are none. */
export function targetPortOf({ endpoints, localEndpoints }: ServicePortRules): number | undefined {
  const port = (endpoints[0] ?? localEndpoints[0])?.port
  for (const backends of [endpoints, localEndpoints])
    for (const each of backends) if (each.port !== port) return undefined
  return port
}

/** Name of the map that has a list. @param mixed endpoints whose ports differ. */
export const mapOf = (protocol: string, list: EndpointList, mixed: boolean): string =>
  `${protocol}-${mixed ? 'mixed-' : ''}${list}`

/** Name of the map that has the port of endpoints, by what leads to them. */
export const targetPortsOf = (protocol: string, onNode: boolean): string =>
  `${protocol}-${onNode ? 'node-port-' : ''}target-ports`

/** Whether packets on their way may still look for what a map had: endpoints, drawn by their index, and their ports. */
export function isLookedUpLate(map: string): boolean {
  return (map.endsWith('endpoints') && map !== names.noEndpoints) || map.endsWith('target-ports')
}

/** Name and rule of the chain that redirects to any of so many endpoints of a list; `undefined` when it is no list. */
export function choiceChain(
  map: string,
  count: number,
  family: IPFamily,
): { readonly name: string; readonly rules: readonly string[] } | undefined {
  const { ip } = familyWords[family]
  const [, protocol = '', mixed, list] =
    /^(tcp|udp|sctp)-(mixed-)?((?:node-port-)?(?:local-)?endpoints)$/.exec(map) ?? []
  if (list === undefined) return undefined
  const onNode = list.startsWith('node-port')
  const key = `${onNode ? '' : `${ip} daddr . `}${protocol} dport`
  const rule = `dnat ${ip} to ${key} . numgen random mod ${count} map @${map}`
  const port = mixed === undefined ? ` : ${key} map @${targetPortsOf(protocol, onNode)}` : ''
  return { name: `${map}-${count}`, rules: [`${rule}${port}`] }
}

/** Names of the maps that remember a service port's clients, with the port of the endpoints in each. */
export function affinityMapsOf(rules: ServicePortRules): readonly (readonly [name: string, port: number])[] {
  const { namespace, service, port, protocol, affinitySeconds, endpoints, localEndpoints } = rules
  if (affinitySeconds === undefined) return []
  const ports = new Set([...endpoints, ...localEndpoints].map((each) => each.port))
  return [...ports].map((target) => [
    `affinity/${namespace}/${service}/${protocolWords[protocol]}/${port}/${target}`,
    target,
  ])
}
