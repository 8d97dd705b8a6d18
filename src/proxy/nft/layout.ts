import type { Backend, Frontend, ServicePortRules } from '#proxy'
import { familyWords, protocolWords } from './family.ts'
import { chains, hex, names } from './names.ts'
import type { EndpointList, Marks } from './names.ts'

/** Endpoints of a service port, each at its index. */
export interface Seats {
  readonly endpoints: readonly Backend[]
  readonly localEndpoints: readonly Backend[]
}

/** What a service port puts into a table. */
export interface Layout {
  /** Value by map, then by key. */
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Members of sets that service ports share, by set. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
  /** Rules of chains that many share and that stay: they depend on a list's length only. */
  readonly commonChains: ReadonlyMap<string, readonly string[]>
  /** Rules of chains of this service port alone; a chain may use those before it. */
  readonly ownChains: ReadonlyMap<string, readonly string[]>
  /** Affinity maps of this service port, by target port. */
  readonly affinityMaps: ReadonlyMap<number, string>
}

/** Lays a service port out; pure, so that the difference of two layouts is what has to be changed. */
export function layoutOf(rules: ServicePortRules, seats: Seats, marks: Marks): Layout {
  return new LayoutBuilder(rules, seats, marks).build()
}

class LayoutBuilder {
  readonly #rules: ServicePortRules
  readonly #seats: Seats
  readonly #marks: Marks
  readonly #ip: string
  readonly #protocol: string
  /** Tells what belongs to this service port from what belongs to others. */
  readonly #own: string
  readonly #elements = new Map<string, Map<string, string>>()
  readonly #members = new Map<string, Set<string>>()
  readonly #commonChains = new Map<string, readonly string[]>()
  readonly #ownChains = new Map<string, readonly string[]>()
  readonly #affinityMaps = new Map<number, string>()

  constructor(rules: ServicePortRules, seats: Seats, marks: Marks) {
    this.#rules = rules
    this.#seats = seats
    this.#marks = marks
    this.#ip = familyWords[rules.family].ip
    this.#protocol = protocolWords[rules.protocol]
    this.#own = `${rules.namespace}/${rules.service}/${this.#protocol}/${rules.port}`
  }

  build(): Layout {
    const { clusterIP, endpoints, localEndpoints, frontends, affinitySeconds } = this.#rules
    this.#member(names.clusterIPs, clusterIP)
    for (const { address, local } of [...endpoints, ...localEndpoints]) {
      if (local) this.#member(names.hairpin, `${address} . ${address}`)
    }
    if (affinitySeconds !== undefined && endpoints.length + localEndpoints.length > 0) this.#affinity(affinitySeconds)
    for (const frontend of frontends) this.#frontend(frontend)
    return {
      elements: this.#elements,
      members: this.#members,
      commonChains: this.#commonChains,
      ownChains: this.#ownChains,
      affinityMaps: this.#affinityMaps,
    }
  }

  #frontend(frontend: Frontend): void {
    const port = frontend.port
    const onNode = frontend.address === undefined
    const full = onNode ? `${this.#protocol} . ${port}` : `${frontend.address} . ${this.#protocol} . ${port}`
    const key = onNode ? `${port}` : `${frontend.address} . ${port}`
    const pick = <T>(byAddress: T, byNodePort: T): T => (onNode ? byNodePort : byAddress)
    const all = pick<EndpointList>('endpoints', 'node-port-endpoints')
    const local = pick<EndpointList>('local-endpoints', 'node-port-local-endpoints')
    const dispatch = pick(names.services, names.nodePorts)
    const refuse = pick(names.noEndpoints, names.noEndpointsNodePorts)
    const toAll = (masquerade: boolean): string => this.#list(all, key, this.#seats.endpoints, masquerade)
    const toLocal = (): string => this.#list(local, key, this.#seats.localEndpoints, false)
    switch (frontend.route) {
      case 'Cluster':
        this.#element(dispatch, full, toAll(false))
        break
      case 'Local':
        this.#element(dispatch, full, toLocal())
        break
      case 'ExternalCluster':
        this.#element(dispatch, full, toAll(true))
        break
      case 'ExternalLocal':
        this.#element(dispatch, full, `goto ${pick(chains.external, chains.externalNodePort)}`)
        this.#element(pick(names.externalCluster, names.nodePortsCluster), full, toAll(false))
        if (this.#seats.localEndpoints.length > 0)
          this.#element(pick(names.externalLocal, names.nodePortsLocal), full, toLocal())
        else this.#element(refuse, full, 'drop')
        break
      case 'Reject':
        this.#element(refuse, full, `goto ${chains.reject}`)
        break
      case 'Drop':
        this.#element(refuse, full, 'drop')
        break
    }
    if (this.#affinityMaps.size > 0)
      this.#element(pick(names.remember, names.rememberNodePorts), full, `goto remember/${this.#own}`)
    if (frontend.sources) {
      const chain = `sources/${this.#own}`
      this.#ownChains.set(chain, [`${this.#ip} saddr != { ${frontend.sources.join(', ')} } drop`])
      this.#element(names.firewall, full, `goto ${chain}`)
    }
  }

  /** Puts a frontend's endpoints into a list. @returns the verdict that sends a flow to one of them. */
  #list(list: EndpointList, key: string, backends: readonly Backend[], masquerade: boolean): string {
    const map = `${this.#protocol}-${list}`
    for (const [index, { address, port }] of backends.entries()) {
      this.#element(map, `${key} . ${index}`, `${address} . ${port}`)
    }
    let chain = this.#choose(list, backends.length)
    if (this.#affinityMaps.size > 0) chain = this.#sticky(list, chain)
    if (masquerade) chain = this.#masqueraded(chain)
    return `goto ${chain}`
  }

  #choose(list: EndpointList, count: number): string {
    const map = `${this.#protocol}-${list}`
    const chain = `${map}-${count}`
    const place = list.startsWith('node-port') ? '' : `${this.#ip} daddr . `
    this.#commonChains.set(chain, [
      `dnat ${this.#ip} to ${place}${this.#protocol} dport . numgen random mod ${count} map @${map}`,
    ])
    return chain
  }

  #masqueraded(chain: string): string {
    const name = `${chain}-masquerade`
    const target = chain.includes('/') ? this.#ownChains : this.#commonChains
    target.set(name, [`meta mark set meta mark or ${hex(this.#marks.masquerade)}`, `goto ${chain}`])
    return name
  }

  /**
   * Tries the endpoint that the client had last, then any. The choice is remembered behind the redirection, where the
   * packet shows it; a value of address and port together is more than nft 1.0.6 can put there for IPv6, so each target
   * port has a map of its own. There is one but for named ports that differ from pod to pod.
   */
  #sticky(list: EndpointList, chain: string): string {
    const name = `sticky/${this.#own}/${list}`
    this.#ownChains.set(name, [
      `meta mark set meta mark or ${hex(this.#marks.remember)}`,
      ...[...this.#affinityMaps].map(
        ([port, map]) => `meta l4proto ${this.#protocol} dnat ${this.#ip} to ${this.#ip} saddr map @${map} : ${port}`,
      ),
      `goto ${chain}`,
    ])
    return name
  }

  #affinity(seconds: number): void {
    const { endpoints, localEndpoints } = this.#rules
    const ports = new Set([...endpoints, ...localEndpoints].map((each) => each.port))
    for (const port of ports) this.#affinityMaps.set(port, `affinity/${this.#own}/${port}`)
    this.#ownChains.set(
      `remember/${this.#own}`,
      [...this.#affinityMaps].map(
        ([port, map]) =>
          `${this.#protocol} dport ${port} update @${map} { ${this.#ip} saddr timeout ${seconds}s : ${this.#ip} daddr }`,
      ),
    )
  }

  #element(map: string, key: string, value: string): void {
    let elements = this.#elements.get(map)
    if (!elements) this.#elements.set(map, (elements = new Map()))
    elements.set(key, value)
  }

  #member(set: string, key: string): void {
    let members = this.#members.get(set)
    if (!members) this.#members.set(set, (members = new Set()))
    members.add(key)
  }
}
