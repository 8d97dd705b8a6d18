import { deepEqual } from '#base'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { replicasOf } from './bounds.ts'
import { revisionOf } from './annotations.ts'

export const hashLabel = 'pod-template-hash'

/** The ReplicaSets of a Deployment: the one with its template, if there is one, and the others. */
export interface ReplicaSets {
  readonly current: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
}

/** Of several with the Deployment's template the oldest is the one. */
export function divide(deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSets {
  const sorted = owned.toSorted(byCreation)
  const current = sorted.find((each) => sameTemplate(each.spec.template ?? {}, deployment.spec.template))
  return { current, old: sorted.filter((each) => each !== current) }
}

export function all({ current, old }: ReplicaSets): readonly ReplicaSet[] {
  return current ? [...old, current] : old
}

export const isScaledUp = (replicaSet: ReplicaSet): boolean => replicasOf(replicaSet) > 0

/** Whether two templates make the same pods: the hash by which ReplicaSets tell theirs apart does not count. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return deepEqual(a.spec, b.spec) && deepEqual(plainMetadata(a), plainMetadata(b))
}

function plainMetadata({ metadata = {} }: PodTemplateSpec): object {
  const { labels = {}, annotations = {}, creationTimestamp: _, ...rest } = metadata
  const { [hashLabel]: __, ...plain } = labels
  return { ...rest, annotations, labels: plain }
}

export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const earlier = a.metadata.creationTimestamp ?? ''
  const later = b.metadata.creationTimestamp ?? ''
  if (earlier !== later) return earlier < later ? -1 : 1
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}

export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const earlier = revisionOf(a)
  const later = revisionOf(b)
  if (earlier === undefined || later === undefined || earlier === later) return byCreation(a, b)
  return earlier < later ? -1 : 1
}

export const wanted = (replicaSets: readonly ReplicaSet[]): number => sum(replicaSets, replicasOf)
export const actual = (replicaSets: readonly ReplicaSet[]): number =>
  sum(replicaSets, ({ status }) => status?.replicas ?? 0)
export const ready = (replicaSets: readonly ReplicaSet[]): number =>
  sum(replicaSets, ({ status }) => status?.readyReplicas ?? 0)

/**
 * Pods of a ReplicaSet that are available and will be: what is beyond the wanted number is about to go. True once the
 * status speaks of the newest spec.
 */
export const lasting = (replicaSet: ReplicaSet): number =>
  Math.min(replicaSet.status?.availableReplicas ?? 0, replicasOf(replicaSet))

export const allLasting = (replicaSets: readonly ReplicaSet[]): number => sum(replicaSets, lasting)

/** Whether the status speaks of the newest spec. Until then it may count pods that went, or go, because of an older one. */
export const isObserved = ({ metadata, status }: ReplicaSet): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)

export const available = (replicaSets: readonly ReplicaSet[]): number =>
  sum(replicaSets, ({ status }) => status?.availableReplicas ?? 0)

/** Pods that are terminating; `undefined` as long as one of the ReplicaSets does not tell. */
export function terminating(replicaSets: readonly ReplicaSet[]): number | undefined {
  let count = 0
  for (const { status } of replicaSets) {
    if (status?.terminatingReplicas !== undefined) count += status.terminatingReplicas
    else if ((status?.observedGeneration ?? 0) !== 0) return undefined
  }
  return count
}

function sum(replicaSets: readonly ReplicaSet[], count: (replicaSet: ReplicaSet) => number): number {
  return replicaSets.reduce((total, each) => total + count(each), 0)
}
