import type { Draft } from '#api'
import type { DeleteOptions } from '#api/meta/v1'
import type { KubeObject } from '#machinery'
import type { Strategy } from '../resource/strategy.ts'
import { timestamp } from './metadata.ts'

const orphanFinalizer = 'orphan'
const foregroundFinalizer = 'foregroundDeletion'

/** When an object goes. */
export type Grace =
  /** At once, finalizers permitting. */
  | { readonly kind: 'now' }
  /** A deletion at least as soon is under way: nothing to do. */
  | { readonly kind: 'pending' }
  /** At `deletionTimestamp`; `first` when this is the request that starts it. */
  | { readonly kind: 'graceful'; readonly seconds: number; readonly deletionTimestamp: string; readonly first: boolean }

/** A grace below zero stands for the shortest there is. */
const atLeast = (seconds: number): number => (seconds < 0 ? 1 : seconds)

/**
 * Decides on the grace of a deletion. A request can shorten a grace that is running, never prolong it; the deadline is
 * counted from the first request. `now` is milliseconds since 1970.
 */
export function planGrace(strategy: Strategy, object: KubeObject, options: DeleteOptions, now: number): Grace {
  if (!strategy.gracePeriod) return { kind: 'now' }
  const requested = options.gracePeriodSeconds === undefined ? undefined : atLeast(options.gracePeriodSeconds)
  const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata
  if (deletionTimestamp !== undefined) {
    const running = deletionGracePeriodSeconds === undefined ? 0 : atLeast(deletionGracePeriodSeconds)
    if (running === 0) return { kind: 'now' }
    if (requested === undefined || requested >= running) return { kind: 'pending' }
    const started = Date.parse(deletionTimestamp) - running * 1000
    const deadline = started + requested * 1000
    const passed = deadline < now
    return {
      kind: 'graceful',
      seconds: passed && requested !== 0 ? 1 : requested,
      deletionTimestamp: timestamp(passed ? now : deadline),
      first: false,
    }
  }
  const { gracePeriodSeconds: _, ...others } = options
  const seconds = strategy.gracePeriod(
    object,
    requested === undefined ? others : { ...others, gracePeriodSeconds: requested },
  )
  if (seconds === undefined) return { kind: 'now' }
  return { kind: 'graceful', seconds, deletionTimestamp: timestamp(now + seconds * 1000), first: true }
}

/**
 * Finalizers a deletion leaves on the object: those it has, with those of the garbage collector put to what the deleter
 * wants for dependents.
 */
export function deletionFinalizers(strategy: Strategy, object: KubeObject, options: DeleteOptions): readonly string[] {
  const own = object.metadata.finalizers ?? []
  const others = own.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer)
  const wanted = [
    ...others,
    ...(orphans(strategy, own, options) ? [orphanFinalizer] : []),
    ...(waitsForDependents(strategy, own, options) ? [foregroundFinalizer] : []),
  ]
  const same = wanted.length === new Set(own).size && wanted.every((finalizer) => own.includes(finalizer))
  return same ? own : wanted
}

function orphans(strategy: Strategy, own: readonly string[], options: DeleteOptions): boolean {
  const policy = strategy.garbageCollection ?? 'background'
  if (policy === 'unsupported') return false
  if (options.orphanDependents !== undefined) return options.orphanDependents
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Orphan'
  const standing = own.find((finalizer) => finalizer === orphanFinalizer || finalizer === foregroundFinalizer)
  return standing === undefined ? policy === 'orphan' : standing === orphanFinalizer
}

function waitsForDependents(strategy: Strategy, own: readonly string[], options: DeleteOptions): boolean {
  if (strategy.garbageCollection === 'unsupported' || options.orphanDependents !== undefined) return false
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Foreground'
  return (
    own.find((finalizer) => finalizer === orphanFinalizer || finalizer === foregroundFinalizer) === foregroundFinalizer
  )
}

/** The object's grace is over; only finalizers keep it. */
export function markAsDeleting(draft: Draft<KubeObject>, now: number): void {
  const { metadata } = draft
  if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0)
    metadata.generation = (metadata.generation ?? 0) + 1
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > now)
    metadata.deletionTimestamp = timestamp(now)
  metadata.deletionGracePeriodSeconds = 0
}
