import type { EndpointSlice } from '#api/discovery/v1'
import type { ControllerContext, EventHandler } from '#client'
import { managedByLabel, serviceNameLabel } from './slices.ts'
import type { SliceTracker } from './tracker.ts'

export interface SliceEventsOptions {
  readonly queue: ControllerContext['queue']
  readonly tracker: SliceTracker
  readonly manager: string
  /** Milliseconds until a change that someone made is put right: several come together. */
  readonly delayMs: number
}

/** Enqueues the Services of slices that someone else changed. */
export function sliceEvents({ queue, tracker, manager, delayMs }: SliceEventsOptions): EventHandler<EndpointSlice> {
  const enqueue = (slice: EndpointSlice): void => {
    const key = serviceKeyOf(slice)
    if (key !== undefined) queue.addAfter(key, delayMs)
  }
  const isOurs = ({ metadata }: EndpointSlice): boolean => metadata.labels?.[managedByLabel] === manager
  const isNews = (slice: EndpointSlice): boolean => isOurs(slice) && tracker.isNews(serviceKeyOf(slice) ?? '', slice)
  return {
    added(slice) {
      if (isNews(slice)) enqueue(slice)
    },
    updated(old, slice) {
      if (serviceKeyOf(old) !== serviceKeyOf(slice)) {
        enqueue(slice)
        enqueue(old)
      } else if (isOurs(old) !== isOurs(slice) || isNews(slice)) enqueue(slice)
    },
    deleted(slice) {
      if (isOurs(slice) && tracker.sawDeletion(serviceKeyOf(slice) ?? '', slice)) enqueue(slice)
    },
  }
}

/** Key of the Service that a slice names. */
export function serviceKeyOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel]
  return name ? `${metadata.namespace ?? ''}/${name}` : undefined
}
