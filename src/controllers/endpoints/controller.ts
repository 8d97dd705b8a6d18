import { messageOf } from '#base'
import { endpoints, services } from '#api/core/v1'
import type { Endpoints, Pod, Service } from '#api/core/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isForbidden, isNamespaceTerminating, isNotFound, keyOf, parseKey } from '#machinery'
import {
  hasOwnEndpoints,
  labelledPodInformer,
  podsOf,
  serviceInformer,
  watchPodsOfServices,
} from '../common/endpoints/services.ts'
import { repackSubsets, sameSubsets } from '../common/endpoints/subsets.ts'
import { TriggerTimes } from '../common/endpoints/trigger-time.ts'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { addressCount, maxAddresses, truncated } from './capacity.ts'
import { desiredSubsets } from './desired.ts'
import { labelsAgree, labelsFor } from './labels.ts'

const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time'
const overCapacity = 'endpoints.kubernetes.io/over-capacity'
const leaderElection = 'control-plane.alpha.kubernetes.io/leader'

/** Lists the addresses of the pods behind each Service in one Endpoints object of the same name. */
export class EndpointsController implements Controller {
  readonly concurrency: number
  readonly maxRetries = 15
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #services: Informer<Service>
  readonly #pods: Informer<Pod>
  readonly #endpoints: Informer<Endpoints>
  readonly #record: Recorder<Endpoints>
  readonly #writes: OwnWrites
  readonly #triggers = new TriggerTimes()

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, queue, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#services = serviceInformer(informers)
    this.#pods = labelledPodInformer(informers)
    this.#endpoints = informers.informer(endpoints)
    this.#record = recorderFor(events, endpoints)
    this.#writes = new OwnWrites([this.#endpoints])
    const enqueue = (key: string): void => queue.add(key)
    this.watches = [
      watchEvents(services, {
        added: (service) => enqueue(keyOf(service)),
        updated: (_, service) => enqueue(keyOf(service)),
        deleted: (service) => enqueue(keyOf(service)),
      }),
      watchPodsOfServices(this.#services, enqueue),
      watchEvents(endpoints, {
        // What lost its Service while nobody looked; records of leader elections never had one.
        added: (object, initial) => {
          if (initial && object.metadata.annotations?.[leaderElection] === undefined) enqueue(keyOf(object))
        },
        deleted: (object) => enqueue(keyOf(object)),
      }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const service = this.#services.lister.getByKey(key)
    if (!service) return this.#serviceGone(key)
    if (!hasOwnEndpoints(service)) return
    if (!this.#writes.seen(key)) return { requeueAfterMs: unseenWritesDelay }
    const pods = [...podsOf(this.#pods, service)]
    const trigger = this.#triggers.compute(service, pods)
    const subsets = desiredSubsets(service, pods)
    const current = this.#endpoints.lister.getByKey(key)
    if (current && agrees(current, service, subsets)) return
    const cut = truncated(subsets)
    const { [triggerTime]: _, [overCapacity]: __, ...others } = current?.metadata.annotations ?? {}
    const annotations = {
      ...others,
      ...(trigger === undefined ? {} : { [triggerTime]: trigger }),
      ...(cut ? { [overCapacity]: 'truncated' } : {}),
    }
    const { name = '', namespace = '' } = service.metadata
    const wanted: Endpoints = {
      ...current,
      metadata: { ...(current?.metadata ?? { name, namespace }), labels: labelsFor(service), annotations },
      subsets: cut ?? subsets,
    }
    await this.#write(key, wanted, current)
  }

  async #write(key: string, wanted: Endpoints, current: Endpoints | undefined): Promise<void> {
    const { client } = this.#context
    try {
      const written = current ? await client.update(endpoints, wanted) : await client.create(endpoints, wanted)
      this.#writes.wrote(key, endpoints, written)
    } catch (error) {
      if (!current && isForbidden(error) && isNamespaceTerminating(error)) return
      const message = messageOf(error)
      if (current) {
        this.#record(wanted, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${key}: ${message}`)
      } else {
        const text = `Failed to create endpoint for service ${key}: ${message}`
        this.#record(wanted, 'Warning', 'FailedToCreateEndpoint', text)
      }
      throw error
    }
  }

  async #serviceGone(key: string): Promise<void> {
    this.#triggers.forget(key)
    this.#writes.forget(key)
    if (!this.#endpoints.lister.getByKey(key)) return
    try {
      await this.#context.client.delete(endpoints, parseKey(key))
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function agrees(current: Endpoints, service: Service, subsets: NonNullable<Endpoints['subsets']>): boolean {
  const { subsets: shown = [], metadata } = current
  if (addressCount(shown) > maxAddresses || metadata.annotations?.[overCapacity] !== undefined) return false
  if (!labelsAgree(metadata.labels ?? {}, service)) return false
  return sameSubsets(shown, subsets) || sameSubsets(repackSubsets(shown), subsets)
}
