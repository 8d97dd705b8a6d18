import type { Job } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import { inActivityOrder } from '../common/pods/deletion-order.ts'
import { indexOf, isIndexed } from './state.ts'

/**
 * Pods to delete: of an indexed Job those without a valid index and all but one of each index; and then as many as are
 * missing from `atLeast`, those that have done least first.
 */
export function podsToRemove(job: Job, active: readonly Pod[], atLeast: number): readonly Pod[] {
  if (!isIndexed(job)) return inActivityOrder(active).slice(0, atLeast)
  const removed: Pod[] = []
  const left: Pod[] = []
  const byIndex = new Map<number, Pod[]>()
  for (const pod of active) {
    const index = indexOf(pod)
    if (index === undefined || index >= (job.spec.completions ?? 0)) {
      removed.push(pod)
      continue
    }
    const same = byIndex.get(index)
    if (same) same.push(pod)
    else byIndex.set(index, [pod])
  }
  for (const same of byIndex.values()) {
    const sorted = inActivityOrder(same)
    const last = sorted.pop()
    removed.push(...sorted)
    if (last) left.push(last)
  }
  const missing = atLeast - removed.length
  return missing > 0 ? [...removed, ...inActivityOrder(left).slice(0, missing)] : removed
}
