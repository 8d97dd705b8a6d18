import { leases } from '#api/coordination/v1'
import { nodes, services } from '#api/core/v1'
import type { Node, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { deepEqual, Latch } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { Client, Informer, InformerFactory } from '#client'
import {
  admitsLoadBalancers,
  cidrContains,
  isNodeReady,
  keyOf,
  microTimeOfMillis,
  parseIP,
  pooledAddresses,
} from '#machinery'
import { nodeAddresses } from '../pods/routes.ts'
import { SignsOfLife } from './alive.ts'
import { ownerOf } from './elect.ts'
import {
  announceAddress,
  dropAddresses,
  guardAddresses,
  holdAddresses,
  segmentOf,
  segmentsOf,
  tellNeighbours,
} from './interfaces.ts'
import type { Segment } from './interfaces.ts'

export interface AnnouncerOptions {
  /** Shared with whoever else follows the same on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  /** That of the kubelet, which may write the node's lease. */
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
  /** Name of the nftables tables. */
  readonly table: string
}

/** Milliseconds between two signs of life of a node, and between two looks at what it has. */
const beatMs = 3000
/** Milliseconds after which a node without a sign is taken to be gone. */
const silenceMs = 9500
/** Looks after which the segment is told again, at first and later: who did not hear before shall. */
const firstBeats = 3
const laterBeats = 10

const leaseScope = { namespace: 'kube-node-lease' }
const serviceNameLabel = 'kubernetes.io/service-name'
const byPool = 'announced'
const pooled = 'pooled'
const bySlicedService = 'announced-service'

/** Who answers for an address, by the rules for its Service. */
interface Wanted {
  readonly address: string
  readonly service: Service
}

/**
 * Answers for addresses of Services that are of the cluster's pool, on the segments of this node: each address is on one
 * node, which is chosen among those that live and, where traffic stays local, have an endpoint. When that node is gone
 * another takes its place and tells the segment so.
 *
 * Does nothing while there are no such addresses. Which nodes live is seen by their leases, which are then renewed more
 * often; a node that sees no lease change at all, its own among them, has lost the API server and leaves all as it is.
 */
export function createAnnouncer(options: AnnouncerOptions): Component {
  return new Announcer(options)
}

class Announcer implements Component {
  readonly name = 'announcer'
  readonly #options: AnnouncerOptions
  readonly #latch = new Latch()
  readonly #life = new SignsOfLife()
  #followsLeases = false
  /** Since when leases are followed: nobody is taken to be gone before there was time for a sign. */
  #since = 0
  /** Addresses that the node answers for, with their segments. */
  #held: ReadonlyMap<string, Segment> = new Map()
  /** Whether all is as it was to be for them: what failed is done again. */
  #isSettled = true
  /** Looks since the address came here. */
  readonly #beats = new Map<string, number>()

  #lastBeat = -Infinity
  readonly #services: Informer<Service>
  readonly #slices: Informer<EndpointSlice>
  readonly #nodes: Informer<Node>

  constructor(options: AnnouncerOptions) {
    const { informers } = options
    this.#options = options
    this.#services = informers.informer(services)
    this.#services.addIndexer(byPool, (service) => (pooledAddresses(service).length > 0 ? pooled : undefined))
    this.#slices = informers.informer(endpointslices)
    this.#slices.addIndexer(bySlicedService, serviceKeyOf)
    this.#nodes = informers.informer(nodes)
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options
    const changed = (): void => this.#latch.set()
    const concerns = (service: Service): void => {
      if (pooledAddresses(service).length > 0) changed()
    }
    const isUsed = (): boolean => this.#held.size > 0 || !isEmpty(this.#services.lister.byIndex(byPool, pooled))
    const nodeChanged = (): void => {
      if (isUsed()) changed()
    }
    const sliceChanged = (slice: EndpointSlice): void => {
      const service = this.#services.lister.getByKey(serviceKeyOf(slice) ?? '')
      if (service && isLocal(service)) concerns(service)
    }
    const ends = [
      this.#services.addHandler({
        added: concerns,
        updated(old, service) {
          concerns(old)
          concerns(service)
        },
        deleted: concerns,
      }),
      this.#nodes.addHandler({ added: nodeChanged, updated: nodeChanged, deleted: nodeChanged }),
      this.#slices.addHandler({
        added: sliceChanged,
        updated: (_, slice) => sliceChanged(slice),
        deleted: sliceChanged,
      }),
    ]
    let cancelBeat = (): void => {}
    try {
      await Promise.all([this.#services, this.#nodes, this.#slices].map((informer) => informer.synced(signal)))
      while (!signal.aborted) {
        const wanted = [...this.#services.lister.byIndex(byPool, pooled)].flatMap((service) =>
          pooledAddresses(service).map((address) => ({ address, service })),
        )
        if (wanted.length > 0 || this.#held.size > 0) {
          cancelBeat()
          cancelBeat = clock.timer(beatMs, changed)
          await this.#turn(wanted).catch((error: unknown) =>
            logger.error('Addresses of Services could not be announced', { error: String(error) }),
          )
        }
        await this.#latch.wait(signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      cancelBeat()
      for (const end of ends) end()
      await this.#hold(new Map())
    }
  }

  async #turn(wanted: readonly Wanted[]): Promise<void> {
    const { clock, nodeName } = this.#options
    const all = [...this.#nodes.lister.list()]
    if (all.length > 1) await this.#beat()
    const now = clock.monotonic()
    const isBlind = all.length > 1 && now - this.#since > silenceMs && !this.#life.hasSince(nodeName, now - silenceMs)
    const segments = await segmentsOf()
    const next = new Map<string, Segment>()
    for (const { address, service } of wanted) {
      const segment = segmentOf(address, segments)
      if (!segment) continue
      const isHere = isBlind ? this.#held.has(address) : this.#ownerOf(address, service, segment, all) === nodeName
      if (isHere) next.set(address, segment)
    }
    await this.#hold(next)
  }

  #ownerOf(address: string, service: Service, { block }: Segment, all: readonly Node[]): string | undefined {
    const onSegment = (node: Node): boolean =>
      nodeAddresses(node).some((each) => {
        const bytes = parseIP(each)
        return bytes !== undefined && cidrContains(block, bytes)
      })
    const serving = isLocal(service) ? this.#nodesServing(service) : undefined
    const usable = all.filter(
      (node) =>
        admitsLoadBalancers(node) &&
        onSegment(node) &&
        this.#isAlive(node.metadata.name ?? '') &&
        (serving?.has(node.metadata.name ?? '') ?? true),
    )
    const ready = usable.filter(isNodeReady)
    return ownerOf(
      address,
      (ready.length > 0 ? ready : usable).map(({ metadata }) => metadata.name ?? ''),
    )
  }

  #nodesServing(service: Service): ReadonlySet<string> {
    const names = new Set<string>()
    for (const { endpoints } of this.#slices.lister.byIndex(bySlicedService, keyOf(service))) {
      for (const { nodeName, conditions } of endpoints ?? []) {
        if (nodeName !== undefined && conditions?.ready !== false) names.add(nodeName)
      }
    }
    return names
  }

  #isAlive(name: string): boolean {
    const { clock, nodeName } = this.#options
    const now = clock.monotonic()
    return name === nodeName || now - this.#since < silenceMs || this.#life.hasSince(name, now - silenceMs)
  }

  /** Renews the node's lease, for the other nodes to see. */
  async #beat(): Promise<void> {
    const { informers, client, clock, logger, nodeName } = this.#options
    if (clock.monotonic() - this.#lastBeat < 0.9 * beatMs) return
    this.#lastBeat = clock.monotonic()
    if (!this.#followsLeases) {
      this.#followsLeases = true
      this.#since = clock.monotonic()
      const see = (lease: Parameters<SignsOfLife['see']>[0]): void => {
        const wasAlive = this.#isAlive(lease.metadata.name ?? '')
        this.#life.see(lease, clock.monotonic())
        if (!wasAlive) this.#latch.set()
      }
      informers.informer(leases, leaseScope).addHandler({
        added: see,
        updated: (_, lease) => see(lease),
        deleted: ({ metadata }) => this.#life.forget(metadata.name ?? ''),
      })
    }
    const patch = { spec: { renewTime: microTimeOfMillis(clock.now()) } }
    const signal = AbortSignal.timeout(beatMs)
    await client
      .patch(leases, { ...leaseScope, name: nodeName }, { type: 'merge', patch }, { signal })
      .catch((error: unknown) => logger.debug('Lease could not be renewed', { error: String(error) }))
  }

  /** Makes exactly these the addresses that the node answers for. */
  async #hold(next: ReadonlyMap<string, Segment>): Promise<void> {
    const { table, logger, nodeName } = this.#options
    const before = this.#held
    const wasSettled = this.#isSettled
    if (next.size === 0 && before.size === 0) return
    const gone = [...before].filter(([address]) => !next.has(address))
    const fresh = [...next].filter(([address]) => !wasSettled || !before.has(address))
    // Until all is done the node may have what it had and what it is to have.
    this.#held = new Map([...before, ...next])
    this.#isSettled = false
    await dropAddresses(devicesOf(gone))
    // Before an address is here: until then there is nothing to guard.
    if (!wasSettled || !deepEqual([...next.keys()], [...before.keys()])) await guardAddresses(table, [...next.keys()])
    for (const device of new Set(fresh.map(([, segment]) => segment.device))) await tellNeighbours(device)
    await holdAddresses(devicesOf(next))
    this.#held = next
    this.#isSettled = true
    for (const [address] of gone) {
      this.#beats.delete(address)
      logger.info('Address of a Service is left to others', { address, node: nodeName })
    }
    for (const [address, segment] of fresh) {
      logger.info('Address of a Service is answered for', { address, node: nodeName, device: segment.device })
    }
    for (const [address, segment] of next) {
      const beats = (this.#beats.get(address) ?? -1) + 1
      this.#beats.set(address, beats)
      if (beats < firstBeats || beats % laterBeats === 0) await announceAddress(address, segment)
    }
  }
}

const isLocal = ({ spec }: Service): boolean => spec.externalTrafficPolicy === 'Local'

function serviceKeyOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel]
  return name === undefined ? undefined : `${metadata.namespace ?? ''}/${name}`
}

const isEmpty = (items: Iterable<unknown>): boolean => items[Symbol.iterator]().next().done === true

const devicesOf = (addresses: Iterable<readonly [string, Segment]>): ReadonlyMap<string, string> =>
  new Map([...addresses].map(([address, { device }]) => [address, device]))
