import { isNodeReady } from '#machinery'
import type { Node, Pod } from '#api/core/v1'

const outOfService = 'node.kubernetes.io/out-of-service'

/** Of the pods that ended, those beyond so many: first those that were evicted, then the oldest. */
export function superfluousPods(ended: readonly Pod[], threshold: number): readonly Pod[] {
  const surplus = threshold <= 0 ? 0 : ended.length - threshold
  return surplus <= 0 ? [] : ended.toSorted(compare).slice(0, surplus)
}

export function hasEnded({ status }: Pod): boolean {
  const phase = status?.phase
  return phase !== 'Pending' && phase !== 'Running' && phase !== 'Unknown'
}

const isEvicted = ({ status }: Pod): boolean => status?.phase === 'Failed' && status.reason === 'Evicted'

function compare(a: Pod, b: Pod): number {
  if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1
  const created = (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')
  return created !== 0 ? created : (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}

/** Told to end on a node that will not tell that it did: someone declared the node out of service (KEP-2268). */
export function isStranded(pod: Pod, node: Node | undefined): boolean {
  if (pod.metadata.deletionTimestamp === undefined || !node || isNodeReady(node)) return false
  return (node.spec.taints ?? []).some(({ key }) => key === outOfService)
}
