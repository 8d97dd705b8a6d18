import type { Json } from '#api'
import { deepEqual, messageOf } from '#base'
import { nodes, services } from '#api/core/v1'
import type { Node, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { canonicalIP, isNotFound, keyOf, loadBalancerCondition, takesLoadBalancers, timeOfMillis } from '#machinery'
import type { LoadBalancerReason } from '#machinery'
import { withoutFinalizer } from '../common/meta/finalizers.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { indexBySlicedService, slicesOf } from '../endpointslice/informer.ts'
import { addressesOfNodes, nodesWithEndpoints } from './nodes.ts'
import { AddressPool } from './pool.ts'
import { addressesOf, familiesOf, finalizer, isBalancedHere, isOurs } from './services.ts'

export interface LoadBalancerOptions {
  /** Blocks, ranges and addresses that Services get, each its own; those of the nodes when absent, which Services share. */
  readonly pool?: readonly string[]
  /** Ports that no Service gets of nodes' addresses. */
  readonly reservedPorts?: readonly number[]
}

/** What a Service is told. */
interface Outcome {
  readonly addresses: readonly string[]
  readonly reason: LoadBalancerReason
  readonly message: string
}

const byType = 'type'
/** Under which Services are filed that have a load balancer, or had one. */
const balanced = 'LoadBalancer'

/** Gives Services of type LoadBalancer addresses. The nodes' proxies see to the packets, and announce addresses of a pool. */
export class ServiceLoadBalancerController implements Controller {
  /** One at a time: no two Services are given the same. */
  readonly concurrency = 1
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #pool: AddressPool | undefined
  readonly #reserved: ReadonlySet<number>
  readonly #services: Informer<Service>
  readonly #nodes: Informer<Node>
  readonly #slices: Informer<EndpointSlice>
  readonly #record: Recorder<Service>
  /** Addresses that were given, by the Service that has them: the informer may not know yet. */
  readonly #given = new Map<string, readonly string[]>()

  constructor(context: ControllerContext, { pool, reservedPorts = [] }: LoadBalancerOptions) {
    const { informers, queue, events } = context
    this.#context = context
    this.#pool = pool && new AddressPool(pool)
    this.#reserved = new Set(reservedPorts)
    this.#services = informers.informer(services)
    this.#services.addIndexer(byType, ({ metadata, spec }) =>
      spec.type === 'LoadBalancer' || metadata.finalizers?.includes(finalizer) ? balanced : undefined,
    )
    this.#nodes = informers.informer(nodes)
    this.#slices = indexBySlicedService(informers.informer(endpointslices))
    this.#record = recorderFor(events, services)
    const enqueue = (service: Service): void => {
      if (concerns(service)) queue.add(keyOf(service))
    }
    this.watches = [
      watchEvents(services, {
        added: enqueue,
        updated: (old, service) => {
          if (concerns(old) || concerns(service)) queue.add(keyOf(service))
        },
        deleted: (service) => {
          if (concerns(service)) queue.add(keyOf(service))
        },
      }),
      ...(this.#pool ? [] : this.#watchNodes()),
    ]
  }

  async reconcile(key: string): Promise<void> {
    const service = this.#services.lister.getByKey(key)
    if (!service) return this.#release(key)
    if (!isBalancedHere(service)) return this.#remove(key, service)
    if (!service.metadata.finalizers?.includes(finalizer)) {
      const finalizers = [finalizer]
      await this.#patch(service, { metadata: { finalizers } })
    }
    const outcome = this.#pool ? this.#fromPool(key, service, this.#pool) : this.#fromNodes(key, service)
    const before = addressesOf(service)
    const changes = !deepEqual([...outcome.addresses].sort(), [...before].sort())
    if (!changes && conditionOf(service)?.message === outcome.message) return
    if (changes) this.#record(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer')
    this.#given.set(key, outcome.addresses)
    try {
      await this.#patch(service, {
        status: {
          loadBalancer: { ingress: outcome.addresses.map((ip) => ({ ip, ipMode: 'VIP' })) },
          conditions: [this.#condition(outcome, service)],
        },
      })
    } catch (error) {
      const message = `Error syncing load balancer: failed to ensure load balancer: ${messageOf(error)}`
      this.#record(service, 'Warning', 'SyncLoadBalancerFailed', message)
      throw error
    }
    if (outcome.addresses.length === 0) {
      const message = `Error syncing load balancer: failed to ensure load balancer: ${outcome.message}`
      this.#record(service, 'Warning', 'SyncLoadBalancerFailed', message)
    } else if (changes) this.#record(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer')
    // Who waited for what is free now.
    if (before.some((address) => !outcome.addresses.includes(address))) this.#wakeWaiting()
  }

  /** Addresses that the Service has stay its own for as long as the pool has them. */
  #fromPool(key: string, service: Service, pool: AddressPool): Outcome {
    const families = familiesOf(service).filter((family) => pool.offers(family))
    const kept = new Set(this.#given.get(key) ?? addressesOf(service))
    const taken = this.#takenByOthers(key)
    const wanted = canonicalIP(service.spec.loadBalancerIP ?? '')
    const addresses: string[] = []
    for (const family of families) {
      const mine = (address: string): boolean => pool.has(address) && !taken.has(address)
      const ofFamily = (address: string): boolean => address.includes(':') === (family === 'IPv6')
      if (wanted !== undefined && ofFamily(wanted)) {
        if (!mine(wanted)) {
          const why = pool.has(wanted) ? 'another Service has it' : 'it is not in the pool'
          return none(`address ${wanted} is not available: ${why}`)
        }
        addresses.push(wanted)
        continue
      }
      const address =
        [...kept].find((each) => ofFamily(each) && mine(each)) ?? pool.free(family, (each) => taken.has(each))
      if (address !== undefined) addresses.push(address)
    }
    if (addresses.length === 0) {
      return none(
        families.length === 0
          ? `the pool has no addresses of ${familiesOf(service).join(' and ')}`
          : 'no address of the pool is free',
      )
    }
    return { addresses, reason: 'AddressFromPool', message: 'The address is from the pool of the cluster' }
  }

  #fromNodes(key: string, service: Service): Outcome {
    const reserved = service.spec.ports?.find(({ port }) => this.#reserved.has(port))
    if (reserved) return none(`nodes need port ${reserved.port} themselves`)
    let candidates = [...this.#nodes.lister.list()].filter(takesLoadBalancers)
    if (candidates.length === 0) return none('There are no available nodes for LoadBalancer')
    if (service.spec.externalTrafficPolicy === 'Local') {
      const serving = nodesWithEndpoints(slicesOf(this.#slices, key))
      candidates = candidates.filter(({ metadata }) => serving.has(metadata.name ?? ''))
      if (candidates.length === 0) return none('no node has an endpoint that is ready')
    }
    const others = [...this.#services.lister.byIndex(byType, balanced)].filter((other) => keyOf(other) !== key)
    const addresses = addressesOfNodes(
      service,
      candidates,
      others.map((other) => this.#asGiven(other)),
    )
    if (addresses.length === 0) return none('other Services have its ports on all nodes')
    return { addresses, reason: 'NodeAddresses', message: 'The addresses are those of nodes' }
  }

  #takenByOthers(key: string): ReadonlySet<string> {
    const taken = new Set<string>()
    for (const other of this.#services.lister.byIndex(byType, balanced)) {
      const otherKey = keyOf(other)
      if (otherKey !== key) for (const address of addressesOf(this.#asGiven(other))) taken.add(address)
    }
    return taken
  }

  /** A Service with the addresses that it was given last. */
  #asGiven(service: Service): Service {
    const given = this.#given.get(keyOf(service))
    if (!given) return service
    return { ...service, status: { ...service.status, loadBalancer: { ingress: given.map((ip) => ({ ip })) } } }
  }

  /** Takes the load balancer away from a Service that is of another type now, or about to go. */
  async #remove(key: string, service: Service): Promise<void> {
    const had = service.metadata.finalizers?.includes(finalizer) ?? false
    // Those of another class are for whoever serves that class.
    if (had && isOurs(service.spec)) {
      this.#record(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
      const { finalizers = [] } = withoutFinalizer(service, finalizer).metadata
      await this.#patch(service, {
        metadata: {
          finalizers: [],
          '$deleteFromPrimitiveList/finalizers': [finalizer],
          '$setElementOrder/finalizers': finalizers,
        },
        status: { loadBalancer: { ingress: null }, conditions: [{ $patch: 'delete', type: loadBalancerCondition }] },
      })
      this.#record(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
    }
    this.#release(key)
  }

  #release(key: string): void {
    this.#given.delete(key)
    this.#wakeWaiting()
  }

  #wakeWaiting(): void {
    for (const service of this.#services.lister.byIndex(byType, balanced)) {
      if (isBalancedHere(service) && addressesOf(service).length === 0) this.#context.queue.add(keyOf(service))
    }
  }

  /** Finalizers are written together with the status: the service account may write nothing else. */
  async #patch({ metadata: { namespace = '', name = '' } }: Service, patch: Json): Promise<void> {
    try {
      await this.#context.client.patch(
        services,
        { namespace, name },
        { type: 'strategic', patch },
        { subresource: 'status' },
      )
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  #condition({ addresses, reason, message }: Outcome, service: Service): Json {
    const status = addresses.length > 0 ? 'True' : 'False'
    const known = conditionOf(service)
    const lastTransitionTime =
      known?.status === status ? known.lastTransitionTime : timeOfMillis(this.#context.clock.now())
    return { type: loadBalancerCondition, status, reason, message, lastTransitionTime }
  }

  #watchNodes(): readonly Watch[] {
    const { queue } = this.#context
    const all = (): void => {
      for (const service of this.#services.lister.byIndex(byType, balanced)) queue.add(keyOf(service))
    }
    const ofSlice = ({ metadata }: EndpointSlice): void => {
      const key = `${metadata.namespace ?? ''}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}`
      const service = this.#services.lister.getByKey(key)
      if (service && isBalancedHere(service) && service.spec.externalTrafficPolicy === 'Local') queue.add(key)
    }
    return [
      watchEvents(nodes, {
        added: all,
        updated: (old, node) => {
          if (
            takesLoadBalancers(old) !== takesLoadBalancers(node) ||
            !deepEqual(old.status?.addresses, node.status?.addresses)
          )
            all()
        },
        deleted: all,
      }),
      watchEvents(endpointslices, { added: ofSlice, updated: (_, slice) => ofSlice(slice), deleted: ofSlice }),
    ]
  }
}

const none = (message: string): Outcome => ({ addresses: [], reason: 'NoAddress', message })

const concerns = (service: Service): boolean =>
  service.spec.type === 'LoadBalancer' || (service.metadata.finalizers?.includes(finalizer) ?? false)

type Condition = NonNullable<NonNullable<Service['status']>['conditions']>[number]

const conditionOf = ({ status }: Service): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === loadBalancerCondition)
