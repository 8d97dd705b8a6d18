import type { Pod } from '#api/core/v1'
import { inDeletionOrder } from '../common/pods/deletion-order.ts'
import { isPodActive } from '../common/pods/state.ts'

/**
 * The pods to delete when there are `surplus` too many.
 *
 * @param related pods of all objects with the same controller: nodes that have many of them lose first.
 * @param now milliseconds since 1970.
 */
export function podsToDelete(
  active: readonly Pod[],
  related: Iterable<Pod>,
  surplus: number,
  now: number,
): readonly Pod[] {
  if (surplus >= active.length) return active
  const onNode = new Map<string, number>()
  for (const pod of related) {
    if (!isPodActive(pod)) continue
    const node = pod.spec?.nodeName ?? ''
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
  }
  return inDeletionOrder(active, (pod) => onNode.get(pod.spec?.nodeName ?? '') ?? 0, now).slice(0, surplus)
}
