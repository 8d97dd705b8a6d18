import { jobs } from '#api/batch/v1'
import type { Job } from '#api/batch/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isConflict, isNotFound, keyOf, parseKey } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

/** When a Job's time is over, in milliseconds since 1970; `undefined` while it has none. */
function expiryOf({ spec, status, metadata }: Job): number | undefined {
  if (spec.ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp !== undefined) return undefined
  const over = (status?.conditions ?? []).find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )
  if (over?.lastTransitionTime === undefined) return undefined
  return Date.parse(over.lastTransitionTime) + spec.ttlSecondsAfterFinished * 1000
}

function create({ informers, client, queue, clock }: ControllerContext<ControllersOptions>): Controller {
  const informer = informers.informer(jobs)
  const enqueue = (job: Job): void => {
    if (expiryOf(job) !== undefined) queue.add(keyOf(job))
  }
  /** Milliseconds that are left; `undefined` when nothing is to be done. */
  const left = (job: Job | undefined): number | undefined => {
    const expiry = job && expiryOf(job)
    return expiry === undefined ? undefined : expiry - clock.now()
  }
  return {
    concurrency: 5,
    watches: [watchEvents(jobs, { added: enqueue, updated: (_, job) => enqueue(job) })],
    async reconcile(key) {
      const known = left(informer.lister.getByKey(key))
      if (known === undefined) return
      if (known > 0) return { requeueAfterMs: known }
      try {
        // Someone may have given it more time.
        const fresh = await client.get(jobs, parseKey(key))
        const ms = left(fresh)
        if (ms === undefined) return
        if (ms > 0) return { requeueAfterMs: ms }
        const preconditions = { uid: fresh.metadata.uid ?? '' }
        await client.delete(jobs, parseKey(key), { propagationPolicy: 'Foreground', preconditions })
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) throw error
      }
    },
  }
}

/** Deletes Jobs some time after they are over. */
export const ttlAfterFinishedController: ControllerDescriptor<ControllersOptions> = {
  name: 'ttl-after-finished-controller',
  aliases: ['ttl-after-finished'],
  inputs: [jobs],
  outputs: [{ resource: jobs, ownership: 'shared' }],
  create,
}
