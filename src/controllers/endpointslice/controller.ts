import { messageOf } from '#base'
import { nodes, services } from '#api/core/v1'
import type { Node, Pod, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { keyOf } from '#machinery'
import {
  hasOwnEndpoints,
  labelledPodInformer,
  podsOf,
  serviceInformer,
  watchPodsOfServices,
} from '../common/endpoints/services.ts'
import { TriggerTimes } from '../common/endpoints/trigger-time.ts'
import { unseenWritesDelay } from '../common/meta/consistency.ts'
import { throwAll } from '../common/meta/errors.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { planSlices } from './reconcile.ts'
import type { TypePlan } from './reconcile.ts'
import { indexBySlicedService, slicesOf } from './informer.ts'
import { isOwnedBy, managedByLabel, withTriggerTime } from './slices.ts'
import type { Draft } from './slices.ts'
import { sliceEvents } from './slice-events.ts'
import { TopologyHints } from './topology/hints.ts'
import type { HintEvent } from './topology/hints.ts'
import { addNearHints, distributesTraffic, removeHints, usesTopologyMode } from './traffic-distribution.ts'
import { SliceTracker } from './tracker.ts'
import { recycle, writeSlices } from './write.ts'

const manager = 'endpointslice-controller.k8s.io'
const zoneLabel = 'topology.kubernetes.io/zone'

/** Milliseconds until a change that someone made to slices is put right: several come together. */
const sliceChangeDelay = 1000

/** Lists the endpoints behind each Service in slices. */
export class EndpointSliceController implements Controller {
  readonly concurrency: number
  readonly maxRetries = 15
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #maxPerSlice: number
  readonly #services: Informer<Service>
  readonly #pods: Informer<Pod>
  readonly #nodes: Informer<Node>
  readonly #slices: Informer<EndpointSlice>
  readonly #record: Recorder<Service>
  readonly #triggers = new TriggerTimes()
  readonly #tracker = new SliceTracker()
  readonly #hints = new TopologyHints()

  constructor(context: ControllerContext, options: { readonly concurrency: number; readonly maxPerSlice: number }) {
    const { informers, queue, events } = context
    this.concurrency = options.concurrency
    this.#maxPerSlice = options.maxPerSlice
    this.#context = context
    this.#services = serviceInformer(informers)
    this.#pods = labelledPodInformer(informers)
    this.#nodes = informers.informer(nodes)
    this.#slices = indexBySlicedService(informers.informer(endpointslices))
    this.#record = recorderFor(events, services)
    const enqueue = (key: string): void => queue.add(key)
    this.watches = [
      watchEvents(services, {
        added: (service) => enqueue(keyOf(service)),
        updated: (_, service) => enqueue(keyOf(service)),
        deleted: (service) => enqueue(keyOf(service)),
      }),
      watchPodsOfServices(this.#services, enqueue),
      watchEvents(endpointslices, sliceEvents({ queue, tracker: this.#tracker, manager, delayMs: sliceChangeDelay })),
      watchEvents(nodes, {
        added: () => this.#nodesChanged(),
        updated: (old, node) => {
          if (readiness(old) !== readiness(node) || zoneOf(old) !== zoneOf(node)) this.#nodesChanged()
        },
        deleted: () => this.#nodesChanged(),
      }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const service = this.#services.lister.getByKey(key)
    if (!service) {
      this.#triggers.forget(key)
      this.#tracker.forget(key)
      return
    }
    if (!hasOwnEndpoints(service)) return
    const existing = [...slicesOf(this.#slices, key)].filter(
      ({ metadata }) => metadata.labels?.[managedByLabel] === manager && metadata.deletionTimestamp === undefined,
    )
    if (this.#tracker.isStale(key, existing)) return { requeueAfterMs: unseenWritesDelay }
    const pods = [...podsOf(this.#pods, service)]
    const trigger = this.#triggers.compute(service, pods)
    try {
      await this.#apply(key, service, pods, existing, trigger)
    } catch (error) {
      const message = `Error updating Endpoint Slices for Service ${key}: ${messageOf(error)}`
      this.#record(service, 'Warning', 'FailedToUpdateEndpointSlices', message)
      throw error
    }
  }

  async #apply(
    key: string,
    service: Service,
    pods: readonly Pod[],
    existing: readonly EndpointSlice[],
    trigger: string | undefined,
  ): Promise<void> {
    const { client } = this.#context
    const { types, obsolete } = planSlices(service, pods, existing, {
      nodeOf: (name) => this.#nodes.lister.get({ name }),
      maxPerSlice: this.#maxPerSlice,
      manager,
    })
    const errors: unknown[] = []
    const write = { client, tracker: this.#tracker, key, owner: `Service ${key}` }
    const mayCreate = service.metadata.deletionTimestamp === undefined
    for (const part of types) {
      errors.push(...part.problems.map((problem) => new Error(problem)))
      const events = this.#addHints(key, service, part)
      const { plan } = part
      recycle(plan, (slice) => isOwnedBy(slice, service))
      plan.create = plan.create.map((draft) => triggered(draft, trigger))
      plan.update = plan.update.map((draft) => triggered(draft, trigger))
      await writeSlices(plan, { ...write, mayCreate }).catch((error: unknown) => errors.push(error))
      for (const { type, reason, message } of events) this.#record(service, type, reason, message)
    }
    for (const { addressType } of obsolete) this.#hints.remove(key, addressType)
    const rest = { create: [], update: [], remove: [...obsolete] }
    await writeSlices(rest, { ...write, mayCreate: false }).catch((error: unknown) => errors.push(error))
    throwAll(errors)
  }

  #addHints(key: string, service: Service, { addressType, plan, unchanged }: TypePlan): HintEvent[] {
    if (usesTopologyMode(service.metadata.annotations)) return this.#hints.addHints(key, addressType, plan, unchanged)
    const events = this.#hints.dropHints(key, addressType)
    if (distributesTraffic(service)) addNearHints(plan, unchanged, service.spec.trafficDistribution ?? '')
    else removeHints(plan, unchanged)
    return events
  }

  #nodesChanged(): void {
    for (const key of this.#hints.setNodes(this.#nodes.lister.list())) this.#context.queue.add(key)
  }
}

const triggered = (draft: Draft, time: string | undefined): Draft => ({
  ...draft,
  metadata: withTriggerTime(draft.metadata, time),
})

const readiness = ({ status }: Node): boolean =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'

const zoneOf = ({ metadata }: Node): string | undefined => metadata.labels?.[zoneLabel]
