import type { Service } from '#api/core/v1'
import { canonicalIP, formatIP, ipFamilyOf, parseIP } from '#machinery'
import { types } from '../message/types.ts'
import type { DnsRecord, RecordData } from '../message/types.ts'
import { dnsSlice } from './slices.ts'
import type { DnsEndpoint } from './slices.ts'
import { serviceNameLabel } from './source.ts'
import type { ClusterSource } from './source.ts'

export interface ZoneOptions {
  /** `cluster.local` */
  readonly domain: string
  /** Seconds that answers may be kept. */
  readonly ttl: number
  /** Addresses of the DNS service. */
  readonly addresses: readonly string[]
}

/** What a zone says about a name and a type. */
export type Lookup =
  | { readonly exists: false }
  /** No records: the name is there, but not with this type. */
  | { readonly exists: true; readonly records: readonly DnsRecord[]; readonly additional?: readonly DnsRecord[] }

const missing: Lookup = { exists: false }
const empty: Lookup = { exists: true, records: [] }

/** Version of the specification that the records follow. */
const specification = '1.1.0'

/**
 * The cluster's zone, by the DNS specification of Kubernetes: `service.namespace.svc`, `hostname.service.namespace.svc`,
 * `_port._protocol.service.namespace.svc`, `1-2-3-4.namespace.pod`, `dns-version`, and all names between them.
 */
export class ClusterZone {
  readonly #source: ClusterSource
  readonly #domain: string
  readonly #ttl: number
  readonly #addresses: readonly string[]

  constructor(source: ClusterSource, { domain, ttl, addresses }: ZoneOptions) {
    this.#source = source
    this.#domain = domain
    this.#ttl = ttl
    this.#addresses = addresses
  }

  /** @param name lies within the zone; lower case. */
  lookup(name: string, type: number): Lookup {
    if (name.length === this.#domain.length) return this.#apex(name, type)
    const labels = name.slice(0, -this.#domain.length - 1).split('.')
    const kind = labels[labels.length - 1]
    if (kind === 'svc') return this.#service(name, labels, type)
    if (kind === 'pod') return this.#pod(name, labels, type)
    if (kind === 'dns-version' && labels.length === 1) {
      return type === types.TXT ? this.#found([this.#record(name, types.TXT, text(specification))]) : empty
    }
    if (kind === 'dns' && labels.length === 1) return empty
    if (kind === 'dns' && labels.length === 2 && labels[0] === 'ns') {
      return this.#found(this.#addressRecords(name, type, this.#addresses.map(bytesOf)))
    }
    return missing
  }

  /** Names of an address: of the service whose cluster IP it is, else of endpoints of headless services. */
  reverse(name: string, address: string): Lookup {
    const pointer = (target: string): DnsRecord => this.#record(name, types.PTR, { kind: 'name', target })
    const services = [...this.#source.servicesByAddress(address)]
    if (services.length > 0) return this.#found(services.map((service) => pointer(this.#nameOf(service))))
    const targets = new Set<string>()
    for (const slice of this.#source.headlessSlices(address)) {
      const { namespace = '', labels } = slice.metadata
      for (const endpoint of dnsSlice(slice).endpoints) {
        if (formatIP(endpoint.address) !== address) continue
        targets.add(`${endpoint.label}.${labels?.[serviceNameLabel]}.${namespace}.svc.${this.#domain}`)
      }
    }
    return targets.size === 0 ? missing : this.#found([...targets].map(pointer))
  }

  /** The record that answers bring when there is nothing, so that clients may remember that. */
  authority(): DnsRecord {
    return this.#record(this.#domain, types.SOA, {
      kind: 'soa',
      server: `ns.dns.${this.#domain}`,
      mailbox: `hostmaster.${this.#domain}`,
      serial: 1,
      refresh: 7200,
      retry: 1800,
      expire: 86_400,
      minimum: this.#ttl,
    })
  }

  #apex(name: string, type: number): Lookup {
    if (type === types.SOA) return this.#found([this.authority()])
    if (type !== types.NS) return empty
    const server = `ns.dns.${this.#domain}`
    return {
      exists: true,
      records: [this.#record(name, types.NS, { kind: 'name', target: server })],
      additional: this.#allAddresses(server, this.#addresses.map(bytesOf)),
    }
  }

  #service(name: string, labels: readonly string[], type: number): Lookup {
    if (labels.length === 1) return empty
    const namespace = labels[labels.length - 2] ?? ''
    if (labels.length === 2) return this.#source.hasNamespace(namespace) ? empty : missing
    const service = this.#source.service(namespace, labels[labels.length - 3] ?? '')
    if (!service) return missing
    const external = service.spec.type === 'ExternalName'
    switch (labels.length) {
      case 3:
        if (external) return this.#alias(name, service)
        return type === types.SRV ? this.#ports(name, service) : this.#serviceAddresses(name, service, type)
      case 4: {
        const label = labels[0] ?? ''
        if (external) return missing
        if (label.startsWith('_')) return this.#hasPort(service, undefined, label.slice(1)) ? empty : missing
        return this.#endpoint(name, service, label, type)
      }
      case 5: {
        const [port = '', protocol = ''] = labels
        if (external || !port.startsWith('_') || !protocol.startsWith('_')) return missing
        if (!this.#hasPort(service, port.slice(1), protocol.slice(1))) return missing
        return type === types.SRV ? this.#ports(name, service, port.slice(1), protocol.slice(1)) : empty
      }
      default:
        return missing
    }
  }

  #alias(name: string, service: Service): Lookup {
    const target = (service.spec.externalName ?? '').toLowerCase().replace(/\.$/, '')
    if (target === '') return empty
    return this.#found([this.#record(name, types.CNAME, { kind: 'name', target })])
  }

  #serviceAddresses(name: string, service: Service, type: number): Lookup {
    const addresses = isHeadless(service) ? this.#endpoints(service).map(({ address }) => address) : clusterIPs(service)
    return this.#found(this.#addressRecords(name, type, addresses))
  }

  #endpoint(name: string, service: Service, label: string, type: number): Lookup {
    const found = this.#endpoints(service).filter((endpoint) => endpoint.label === label)
    if (found.length === 0) return missing
    return this.#found(
      this.#addressRecords(
        name,
        type,
        found.map(({ address }) => address),
      ),
    )
  }

  /** Service records of all ports, or of one; each has its target's addresses with it. */
  #ports(name: string, service: Service, port?: string, protocol?: string): Lookup {
    const targets = new Map<string, { readonly port: number; readonly target: string }>()
    const addresses = new Map<string, Uint8Array[]>()
    const add = (target: string, number: number, bytes: readonly Uint8Array[]): void => {
      targets.set(`${number} ${target}`, { port: number, target })
      const known = addresses.get(target)
      if (known) known.push(...bytes)
      else addresses.set(target, [...bytes])
    }
    const own = this.#nameOf(service)
    if (isHeadless(service)) {
      for (const slice of this.#slices(service)) {
        const { endpoints, ports } = dnsSlice(slice)
        for (const each of ports) {
          if (port !== undefined && (each.name !== port || each.protocol !== protocol)) continue
          for (const { label, address } of endpoints) add(`${label}.${own}`, each.port, [address])
        }
      }
    } else {
      for (const each of service.spec.ports ?? []) {
        if (port !== undefined && !isPort(each, port, protocol)) continue
        add(own, each.port, clusterIPs(service))
      }
    }
    const weight = Math.max(1, Math.floor(100 / targets.size))
    return {
      exists: true,
      records: [...targets.values()].map((each) =>
        this.#record(name, types.SRV, { kind: 'srv', priority: 0, weight, port: each.port, target: each.target }),
      ),
      additional: [...addresses].flatMap(([target, bytes]) => this.#allAddresses(target, unique(bytes))),
    }
  }

  #hasPort(service: Service, port: string | undefined, protocol: string): boolean {
    return (service.spec.ports ?? []).some((each) => isPort(each, port, protocol))
  }

  #pod(name: string, labels: readonly string[], type: number): Lookup {
    if (labels.length === 1) return empty
    const namespace = labels[labels.length - 2] ?? ''
    if (labels.length > 3 || !this.#source.hasNamespace(namespace)) return missing
    if (labels.length === 2) return empty
    const label = labels[0] ?? ''
    const address = canonicalIP(label.replaceAll('-', '.')) ?? canonicalIP(label.replaceAll('-', ':'))
    return address === undefined ? missing : this.#found(this.#addressRecords(name, type, [bytesOf(address)]))
  }

  #endpoints(service: Service): readonly DnsEndpoint[] {
    const endpoints: DnsEndpoint[] = []
    for (const slice of this.#slices(service)) endpoints.push(...dnsSlice(slice).endpoints)
    return endpoints
  }

  #slices(service: Service): ReturnType<ClusterSource['slices']> {
    return this.#source.slices(service.metadata.namespace ?? '', service.metadata.name ?? '')
  }

  #nameOf(service: Service): string {
    return `${service.metadata.name}.${service.metadata.namespace}.svc.${this.#domain}`
  }

  #addressRecords(name: string, type: number, addresses: readonly Uint8Array[]): readonly DnsRecord[] {
    const length = type === types.A ? 4 : type === types.AAAA ? 16 : 0
    if (length === 0) return []
    const fitting = addresses.filter((address) => address.length === length)
    return unique(fitting).map((bytes) => this.#record(name, type, { kind: 'bytes', bytes }))
  }

  #allAddresses(name: string, addresses: readonly Uint8Array[]): readonly DnsRecord[] {
    return addresses.map((bytes) =>
      this.#record(name, bytes.length === 4 ? types.A : types.AAAA, { kind: 'bytes', bytes }),
    )
  }

  #record(name: string, type: number, data: RecordData): DnsRecord {
    return { name, type, ttl: this.#ttl, data }
  }

  #found(records: readonly DnsRecord[]): Lookup {
    return { exists: true, records }
  }
}

function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None'
}

function isPort(
  port: { readonly name?: string; readonly protocol?: string },
  name: string | undefined,
  protocol: string | undefined,
): boolean {
  return (name === undefined || port.name === name) && (port.protocol ?? 'TCP').toLowerCase() === protocol
}

function clusterIPs({ spec: { clusterIP = '', clusterIPs: all = [clusterIP] } }: Service): readonly Uint8Array[] {
  return all.map((text) => parseIP(text)).filter((address) => address !== undefined)
}

function bytesOf(address: string): Uint8Array {
  return parseIP(address) ?? new Uint8Array()
}

/** An endpoint may stand in two slices while it moves. */
function unique(addresses: readonly Uint8Array[]): readonly Uint8Array[] {
  if (addresses.length < 2) return addresses
  const found = new Map(addresses.map((address) => [address.join(), address]))
  return found.size === addresses.length ? addresses : [...found.values()]
}

function text(content: string): RecordData {
  const chars = Array.from(content, (char) => char.charCodeAt(0))
  return { kind: 'bytes', bytes: Uint8Array.from([chars.length, ...chars]) }
}

/** Family of the reverse zones, for {@link reverseAddress}. */
const reverseZones = [
  ['.in-addr.arpa', 'IPv4'],
  ['.ip6.arpa', 'IPv6'],
] as const

/** The address that a name of the reverse zones stands for, in canonical spelling; `undefined` for every other name. */
export function reverseAddress(name: string): string | undefined {
  for (const [zone, family] of reverseZones) {
    if (!name.endsWith(zone)) continue
    const labels = name.slice(0, -zone.length).split('.').reverse()
    if (family === 'IPv4' ? labels.length !== 4 : labels.length !== 32 || labels.some((label) => label.length !== 1)) {
      return undefined
    }
    const written = family === 'IPv4' ? labels.join('.') : labels.join('').replaceAll(/(.{4})(?!$)/g, '$1:')
    const address = canonicalIP(written)
    return address !== undefined && ipFamilyOf(written) === family ? address : undefined
  }
  return undefined
}
