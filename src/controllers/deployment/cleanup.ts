import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { historyLimit, replicasOf } from './bounds.ts'
import { byRevision } from './replica-sets.ts'

/** Old ReplicaSets beyond the history that is kept, oldest revision first. Those that still have pods stay. */
export function superfluous(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = historyLimit(deployment)
  if (limit === undefined) return []
  const living = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  return living
    .toSorted(byRevision)
    .slice(0, Math.max(0, living.length - limit))
    .filter(
      (each) =>
        (each.status?.replicas ?? 0) === 0 &&
        replicasOf(each) === 0 &&
        (each.metadata.generation ?? 0) <= (each.status?.observedGeneration ?? 0),
    )
}
