import { ipaddresses, servicecidrs } from '#api/networking/v1'
import type { IPAddress, ServiceCIDR } from '#api/networking/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isNotFound, keyOf, parseIP, timeOfMillis } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'
import { blocksOf, canGo, offers, overlap } from './ranges.ts'

const finalizer = 'networking.k8s.io/service-cidr-finalizer'
const fieldManager = 'service-cidr-controller'
const managedBy = 'ipaddress.kubernetes.io/managed-by'
/** Longer than API servers need to learn that a range gives out no more addresses. */
const graceMs = 10_000

function create({ informers, client, queue, clock, events }: ControllerContext<ControllersOptions>): Controller {
  const ranges = informers.informer(servicecidrs)
  const addresses = informers.informer(ipaddresses)
  const record = recorderFor(events, servicecidrs)
  const isOfService = ({ metadata }: IPAddress): boolean => metadata.labels?.[managedBy] === 'ipallocator.k8s.io'
  const enqueue = (range: ServiceCIDR): void => queue.add(keyOf(range))
  const enqueueRangesOf = (address: IPAddress): void => {
    const bytes = parseIP(address.metadata.name ?? '')
    if (!bytes || !isOfService(address)) return
    for (const range of ranges.lister.list()) if (blocksOf(range).some((block) => offers(block, bytes))) enqueue(range)
  }
  const patchFinalizer = async (
    name: string,
    change: { readonly [field: string]: readonly string[] },
  ): Promise<void> => {
    try {
      await client.patch(servicecidrs, { name }, { type: 'strategic', patch: { metadata: change } })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  const setReady = async (
    range: ServiceCIDR,
    status: 'True' | 'False',
    reason: string,
    message: string,
  ): Promise<void> => {
    const known = range.status?.conditions?.find(({ type }) => type === 'Ready')
    if (known?.status === status && known.reason === reason && known.message === message) return
    const lastTransitionTime = timeOfMillis(clock.now())
    const conditions = [{ type: 'Ready', status, reason, message, lastTransitionTime }]
    const applied = { metadata: { name: range.metadata.name ?? '' }, spec: {}, status: { conditions } }
    await client.apply(servicecidrs, applied, { subresource: 'status', fieldManager, force: true })
  }
  function* namesOfServices(): Generator<string, void> {
    for (const address of addresses.lister.list()) if (isOfService(address)) yield address.metadata.name ?? ''
  }

  return {
    concurrency: 5,
    maxRetries: 15,
    watches: [
      watchEvents(servicecidrs, {
        added(range) {
          for (const other of ranges.lister.list()) if (overlap(range, other)) enqueue(other)
          enqueue(range)
        },
        updated: (_, range) => enqueue(range),
      }),
      watchEvents(ipaddresses, { added: enqueueRangesOf, deleted: enqueueRangesOf }),
    ],
    async reconcile(name) {
      const range = ranges.lister.get({ name })
      if (!range) return
      const { deletionTimestamp, finalizers = [] } = range.metadata
      if (deletionTimestamp !== undefined) {
        if (!canGo(range, ranges.lister.list(), namesOfServices())) {
          const message =
            'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR'
          return setReady(range, 'False', 'Terminating', message)
        }
        const left = graceMs - (clock.now() - Date.parse(deletionTimestamp))
        if (left > 0) return { requeueAfterMs: left }
        if (!finalizers.includes(finalizer)) return
        return patchFinalizer(name, { '$deleteFromPrimitiveList/finalizers': [finalizer] })
      }
      if (!finalizers.includes(finalizer)) await patchFinalizer(name, { finalizers: [finalizer] })
      try {
        await setReady(range, 'True', '', 'Kubernetes Service CIDR is ready')
      } catch (error) {
        const message = 'The ServiceCIDR Status can not be set to Ready=True'
        record(range, 'Warning', 'KubernetesServiceCIDRError', message)
        throw error
      }
    },
  }
}

/** Keeps ranges of Service addresses that are in use, and tells which can be used. */
export const serviceCIDRController: ControllerDescriptor<ControllersOptions> = {
  name: 'service-cidr-controller',
  serviceAccount: 'service-cidrs-controller',
  inputs: [servicecidrs, ipaddresses],
  outputs: [
    { resource: servicecidrs, ownership: 'shared' },
    { resource: servicecidrs, subresource: 'status', ownership: 'shared' },
  ],
  create,
}
