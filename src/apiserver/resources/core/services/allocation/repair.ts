import type { Service } from '#api/core/v1'
import type { IPAddress, ServiceCIDR } from '#api/networking/v1'
import { Turns } from '#base'
import type { Logger } from '#base'
import { cidrContains, formatIP, parseCIDR, parseIP } from '#machinery'
import type { CIDR } from '#machinery'
import type { Services } from '../../../../services.ts'
import { needsHealthCheck, nodePortsOf } from '../fields.ts'
import { allocatorsOf } from './allocators.ts'

const group = 'networking.k8s.io'
const ours = 'ipallocator.k8s.io'
/** Milliseconds that an address may stand before its service does: as long as a request may take. */
const writing = 60_000
/** How often a port must be found without a service before it is free again. */
const leakRounds = 3

/**
 * Brings what is taken in line with what services have: after a crash in the middle of a write, or when someone took an
 * address away.
 */
export class AllocationRepair {
  readonly #services: Services
  readonly #logger: Logger
  readonly #leaks = new Map<number, number>()

  constructor(services: Services) {
    this.#services = services
    this.#logger = services.logger
  }

  async run(): Promise<void> {
    await this.#repairPorts()
    await this.#repairAddresses()
  }

  async #repairPorts(): Promise<void> {
    const { ports } = allocatorsOf(this.#services)
    const current = ports.current()
    const used = new Set<number>()
    for await (const service of this.#all<Service>('', 'services')) {
      for (const port of nodePortsOf(service)) used.add(port)
      if (needsHealthCheck(service)) used.add(service.spec.healthCheckNodePort ?? 0)
    }
    const leaked: number[] = []
    for (let port = ports.range.first; port <= ports.range.last; port++) {
      if (used.has(port) || !current.has(port)) this.#leaks.delete(port)
      else if (this.#leak(port) >= leakRounds) leaked.push(port)
    }
    const missing = [...used].filter(
      (port) => port >= ports.range.first && port <= ports.range.last && !current.has(port),
    )
    if (missing.length === 0 && leaked.length === 0) return
    this.#logger.warn('Node ports were not those of services', { missing, leaked })
    await ports.update((set) => {
      for (const port of missing) if (!set.has(port)) set.take(port)
      for (const port of leaked) set.release(port)
    })
    for (const port of leaked) this.#leaks.delete(port)
  }

  #leak(port: number): number {
    const rounds = (this.#leaks.get(port) ?? 0) + 1
    this.#leaks.set(port, rounds)
    return rounds
  }

  async #repairAddresses(): Promise<void> {
    const { addresses } = allocatorsOf(this.#services)
    const blocks = this.#blocks()
    for await (const service of this.#all<Service>('', 'services'))
      for (const text of service.spec.clusterIPs ?? []) {
        const bytes = parseIP(text)
        if (!bytes) continue
        const name = formatIP(bytes)
        if (!blocks.some((block) => cidrContains(block, bytes))) continue
        const taken = this.#services.peek<IPAddress>(group, 'ipaddresses', '', name)
        if (this.#ownerOf(taken)?.spec.clusterIPs?.includes(text)) continue
        const { namespace = '', name: serviceName = '' } = service.metadata
        // It may have gone since the walk began.
        const standing = this.#services.peek<Service>('', 'services', namespace, serviceName)
        if (!standing?.spec.clusterIPs?.includes(text)) continue
        this.#logger.warn('Address of a service was not taken in its name', {
          address: name,
          namespace,
          name: serviceName,
        })
        if (taken) await addresses.release(name)
        await addresses.restore(standing, name)
      }
    for await (const { metadata } of this.#all<IPAddress>(group, 'ipaddresses')) {
      const address = this.#services.peek<IPAddress>(group, 'ipaddresses', '', metadata.name ?? '')
      if (address) await this.#releaseIfLost(address)
    }
  }

  /** Frees an address that this server's kind took for a service that does not have it. */
  async #releaseIfLost(address: IPAddress): Promise<void> {
    const { name = '', labels, creationTimestamp = '' } = address.metadata
    if (labels?.['ipaddress.kubernetes.io/managed-by'] !== ours) return
    if (this.#ownerOf(address)?.spec.clusterIPs?.includes(name)) return
    const { group: parentGroup = '', resource } = address.spec?.parentRef ?? {}
    const forService = parentGroup === '' && resource === 'services'
    if (forService && this.#services.clock.now() - Date.parse(creationTimestamp) < writing) return
    this.#logger.warn('Address was taken for no service', { address: name })
    await allocatorsOf(this.#services).addresses.release(name)
  }

  #ownerOf(address: IPAddress | undefined): Service | undefined {
    const parent = address?.spec?.parentRef
    if (!parent || parent.group || parent.resource !== 'services') return undefined
    return this.#services.peek<Service>('', 'services', parent.namespace ?? '', parent.name)
  }

  /** Blocks that services may have addresses of. */
  #blocks(): readonly CIDR[] {
    return [...this.#services.peekAll<ServiceCIDR>(group, 'servicecidrs', '')].flatMap(({ spec }) =>
      (spec?.cidrs ?? []).flatMap((text) => parseCIDR(text) ?? []),
    )
  }

  /** All objects of a resource as they are when the walk begins. They may be very many, so others have their turn meanwhile. */
  async *#all<T extends Service | IPAddress>(of: string, plural: string): AsyncGenerator<T, void> {
    const turns = new Turns(this.#services.clock)
    for (const object of this.#services.peekAll<T>(of, plural, '')) {
      const wait = turns.next()
      if (wait) await wait
      yield object
    }
  }
}
