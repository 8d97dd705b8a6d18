import { endpoints, services } from '#api/core/v1'
import type { Endpoints, Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { keyOf } from '#machinery'
import { unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { indexBySlicedService, slicesOf } from '../endpointslice/informer.ts'
import { sliceEvents } from '../endpointslice/slice-events.ts'
import { managedByLabel } from '../endpointslice/slices.ts'
import { SliceTracker } from '../endpointslice/tracker.ts'
import { recycle, writeSlices } from '../endpointslice/write.ts'
import { desiredMirror, manager } from './desired.ts'
import { planMirror } from './plan.ts'

/** Addresses of one subset that are mirrored at most. */
const maxPerSubset = 1000

/** Keeps slices that say the same as Endpoints of Services without a selector. */
export class EndpointSliceMirroringController implements Controller {
  readonly concurrency: number
  readonly maxRetries = 15
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #services: Informer<Service>
  readonly #endpoints: Informer<Endpoints>
  readonly #slices: Informer<EndpointSlice>
  readonly #record: Recorder<Endpoints>
  readonly #tracker = new SliceTracker()

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, queue, events } = context
    this.concurrency = concurrency
    this.#context = context
    this.#services = informers.informer(services)
    this.#endpoints = informers.informer(endpoints)
    this.#slices = indexBySlicedService(informers.informer(endpointslices))
    this.#record = recorderFor(events, endpoints)
    const enqueue = (object: Endpoints | Service): void => queue.add(keyOf(object))
    const enqueueOwnless = (service: Service): void => {
      if (!hasSelector(service)) enqueue(service)
    }
    const enqueueMirrored = (object: Endpoints): void => {
      if (isMirrored(object)) enqueue(object)
    }
    this.watches = [
      watchEvents(services, {
        added: enqueueOwnless,
        updated: (old, service) => {
          if (hasSelector(old) !== hasSelector(service)) enqueue(service)
        },
        deleted: enqueueOwnless,
      }),
      watchEvents(endpoints, {
        added: enqueueMirrored,
        updated: (old, object) => {
          if (isMirrored(old) || isMirrored(object)) enqueue(object)
        },
        deleted: enqueueMirrored,
      }),
      watchEvents(endpointslices, sliceEvents({ queue, tracker: this.#tracker, manager, delayMs: 0 })),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const object = this.#endpoints.lister.getByKey(key)
    const service = this.#services.lister.getByKey(key)
    const existing = [...slicesOf(this.#slices, key)].filter(
      ({ metadata }) => metadata.labels?.[managedByLabel] === manager,
    )
    const { client } = this.#context
    const write = { client, tracker: this.#tracker, key, owner: `Endpoints ${key}` }
    if (!object || !isMirrored(object) || !service || hasSelector(service)) {
      this.#tracker.forget(key)
      return writeSlices({ create: [], update: [], remove: existing }, { ...write, mayCreate: false })
    }
    if (this.#tracker.isStale(key, existing)) return { requeueAfterMs: unseenWritesDelay }
    const desired = desiredMirror(object, maxPerSubset)
    this.#tell(object, desired)
    const plan = planMirror(object, existing, desired, maxPerSubset)
    recycle(plan, () => true)
    await writeSlices(plan, { ...write, mayCreate: object.metadata.deletionTimestamp === undefined })
  }

  #tell(object: Endpoints, { invalid, skipped }: { readonly invalid: number; readonly skipped: number }): void {
    if (invalid > 0) {
      const message = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`
      this.#record(object, 'Warning', 'InvalidIPAddress', message)
    }
    if (skipped > invalid) {
      const message = `A max of ${maxPerSubset} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`
      this.#record(object, 'Warning', 'TooManyAddressesToMirror', message)
    }
  }
}

function hasSelector({ spec }: Service): boolean {
  for (const _ in spec.selector) return true
  return false
}

function isMirrored({ metadata }: Endpoints): boolean {
  return (
    metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] !== 'true' &&
    metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined
  )
}
