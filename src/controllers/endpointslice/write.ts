import { messageOf } from '#base'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Client } from '#client'
import { isNamespaceTerminating } from '#machinery'
import type { Draft, SlicePlan } from './slices.ts'
import type { SliceTracker } from './tracker.ts'

export interface WriteOptions {
  readonly client: Client
  readonly tracker: SliceTracker
  /** Key of the owner, under which slices are tracked. */
  readonly key: string
  /** `Service default/web`. */
  readonly owner: string
  /** New slices are made; not for an owner that is being deleted. */
  readonly mayCreate: boolean
}

/** Carries a plan out. Slices that would go are overwritten by those that would be new (see {@link recycle}). */
export async function writeSlices(plan: SlicePlan, options: WriteOptions): Promise<void> {
  const { client, tracker, key, owner, mayCreate } = options
  for (const draft of mayCreate ? plan.create : []) {
    try {
      tracker.wrote(key, await client.create(endpointslices, sliceOf(draft)))
    } catch (error) {
      if (isNamespaceTerminating(error)) return
      throw failure(`failed to create EndpointSlice for ${owner}`, error)
    }
  }
  for (const draft of plan.update) {
    try {
      tracker.wrote(key, await client.update(endpointslices, sliceOf(draft)))
    } catch (error) {
      throw failure(`failed to update ${draft.metadata.name ?? ''} EndpointSlice for ${owner}`, error)
    }
  }
  for (const slice of plan.remove) {
    const { namespace = '', name = '' } = slice.metadata
    try {
      await client.delete(endpointslices, { namespace, name })
      tracker.deleted(key, slice)
    } catch (error) {
      throw failure(`failed to delete ${name} EndpointSlice for ${owner}`, error)
    }
  }
}

/** New slices take the place of slices that would be deleted, where `fits` says so. */
export function recycle(plan: SlicePlan, fits: (slice: EndpointSlice) => boolean): void {
  for (const slice of plan.remove) {
    const last = plan.create.at(-1)
    if (!last) return
    if (slice.addressType !== last.addressType || !fits(slice)) continue
    plan.create.pop()
    plan.remove = plan.remove.filter((each) => each !== slice)
    plan.update.push({ ...last, metadata: { ...last.metadata, name: slice.metadata.name ?? '' } })
  }
}

const sliceOf = ({ metadata, addressType, endpoints, ports }: Draft): EndpointSlice => ({
  metadata,
  addressType,
  endpoints,
  ports,
})

const failure = (what: string, cause: unknown): Error => new Error(`${what}: ${messageOf(cause)}`, { cause })
