import type { Service } from '#api/core/v1'
import type { IPAddress, ServiceCIDR } from '#api/networking/v1'
import type { Draft } from '#api'
import { formatCIDR, formatIP, internalError, ipFamilyOf, parseCIDR, parseIP } from '#machinery'
import type { CIDR, IPFamily, KubeObject } from '#machinery'
import type { Registry } from '../../../../registry/registry.ts'
import { fillSystemFields, timestamp } from '../../../../registry/metadata.ts'
import type { Services } from '../../../../services.ts'
import type { Usage } from '../../../../metrics/allocations.ts'
import { AllocationError } from './error.ts'
import { addressRange, addressText, candidates, numberOf } from './address-range.ts'

const group = 'networking.k8s.io'

/**
 * Gives services their addresses out of the blocks of all ServiceCIDRs. An IPAddress object of its name is what makes an
 * address taken, for every API server at once.
 */
export class ServiceAddresses {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  /**
   * Takes one address by name.
   * @throws AllocationError
   */
  async take(service: Service, text: string, dryRun: boolean): Promise<void> {
    const bytes = parseIP(text)
    if (!bytes) throw internalError(`failed to parse service IP "${text}"`)
    const family = ipFamilyOf(text)
    const address = numberOf(bytes)
    const holds = (block: CIDR): boolean => {
      const { first, last } = addressRange(block)
      return block.base.length === bytes.length && address >= first && address <= last
    }
    const blocks = this.#blocks(family)
    const [first] = blocks
    // A dry run asks any one block.
    if (dryRun && first && !holds(first)) {
      const why = `the provided IP (${formatIP(bytes)}) is not in the valid range.`
      throw new AllocationError(`${why} The range of valid IPs is ${formatCIDR(first)}`)
    }
    const block = blocks.find(holds)
    if (!block) throw new AllocationError('the provided network does not match the current range')
    if (dryRun) return
    const { clock, metrics } = this.#services
    const began = clock.monotonic()
    if (!(await this.#create(service, formatIP(bytes), family))) {
      metrics.allocations.addressFailed(formatCIDR(block), 'static')
      throw new AllocationError('provided IP is already allocated')
    }
    metrics.allocations.address(formatCIDR(block), 'static', clock.monotonic() - began)
  }

  /**
   * Takes any free address of a family.
   * @throws AllocationError
   */
  async takeAny(service: Service, family: IPFamily, dryRun: boolean): Promise<string> {
    const { clock, metrics } = this.#services
    for (const block of this.#blocks(family)) {
      if (dryRun) return formatIP(block.base)
      const began = clock.monotonic()
      for (const address of candidates(addressRange(block), clock)) {
        const name = addressText(address, block.base.length)
        if (this.#registry.objects.peek('', name) !== undefined) continue
        if (!(await this.#create(service, name, family))) continue
        metrics.allocations.address(formatCIDR(block), 'dynamic', clock.monotonic() - began)
        return name
      }
      metrics.allocations.addressFailed(formatCIDR(block), 'dynamic')
    }
    throw new AllocationError('range is full', true)
  }

  /** Takes an address for a service that has it already; one that is taken meanwhile is let be. */
  async restore(service: Service, name: string): Promise<void> {
    await this.#create(service, name, ipFamilyOf(name))
  }

  /** Gives an address back; one that nobody has is let be. */
  async release(text: string): Promise<void> {
    const bytes = parseIP(text)
    const { objects } = this.#registry
    const key = objects.key('', bytes ? formatIP(bytes) : text)
    for (;;) {
      const entry = objects.store.snapshot().get(key)
      if (!entry || (await objects.remove(key, entry.modRevision)).committed) return
    }
  }

  /** How much of each block is taken. */
  usage(): ReadonlyMap<string, Usage> {
    const blocks = (['IPv4', 'IPv6'] as const).flatMap((family) =>
      this.#blocks(family).map((block) => ({ block, range: addressRange(block), taken: 0 })),
    )
    for (const { metadata } of this.#registry.objects.all('')) {
      const bytes = parseIP(metadata.name ?? '')
      const address = bytes && numberOf(bytes)
      for (const one of blocks) {
        const { block, range } = one
        if (
          address !== undefined &&
          block.base.length === bytes?.length &&
          range.first <= address &&
          address <= range.last
        )
          one.taken++
      }
    }
    return new Map(
      blocks.map(({ block, range: { first, last }, taken }) => [
        formatCIDR(block),
        { taken, free: Number(last - first) + 1 - taken },
      ]),
    )
  }

  /** Blocks that addresses may be taken from now. */
  #blocks(family: IPFamily): readonly CIDR[] {
    const found: CIDR[] = []
    for (const object of this.#services.peekAll<ServiceCIDR>(group, 'servicecidrs', '')) {
      if (!isReady(object)) continue
      for (const text of object.spec?.cidrs ?? []) {
        const block = parseCIDR(text)
        if (block?.family === family) found.push(block)
      }
    }
    return found
  }

  async #create(service: Service, name: string, family: IPFamily): Promise<boolean> {
    const { objects } = this.#registry
    const { clock } = this.#services
    const { namespace = '', name: serviceName = '' } = service.metadata
    const draft: Draft<IPAddress> = {
      kind: 'IPAddress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: {
        name,
        labels: {
          'ipaddress.kubernetes.io/ip-family': family,
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
        managedFields: [managedFields(timestamp(clock.now()))],
      },
      spec: { parentRef: { resource: 'services', namespace, name: serviceName } },
    }
    fillSystemFields(draft.metadata, clock)
    const { committed } = await objects.put(objects.key('', name), draft, 0)
    return committed
  }

  get #registry(): Registry {
    const backing = this.#services.resources.find(group, 'ipaddresses')?.backing
    if (backing?.kind !== 'stored') throw internalError('there is no place for addresses of services')
    return this.#services.registryOf(backing.resource)
  }
}

/** A block counts as ready until someone says that it is not; one that is being deleted gives out nothing. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  return metadata.deletionTimestamp === undefined && (ready === undefined || ready.status === 'True')
}

type ManagedFields = NonNullable<Draft<KubeObject>['metadata']['managedFields']>[number]

const managedFields = (time: string): ManagedFields => ({
  manager: 'kube-apiserver',
  operation: 'Update',
  apiVersion: 'networking.k8s.io/v1',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1: {
    'f:metadata': {
      'f:labels': {
        '.': {},
        'f:ipaddress.kubernetes.io/ip-family': {},
        'f:ipaddress.kubernetes.io/managed-by': {},
      },
    },
    'f:spec': { 'f:parentRef': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:resource': {} } },
  },
})
