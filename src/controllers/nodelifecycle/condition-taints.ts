import type { Node } from '#api/core/v1'
import { hasTaint } from '../common/nodes/taints.ts'
import type { TaintName } from '../common/nodes/taints.ts'

export const notReady: TaintName = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }
export const unreachable: TaintName = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }

/** Taints that keep pods off a node, by condition and its status. */
const taintKeys: { readonly [type: string]: { readonly [status: string]: string } } = {
  Ready: { False: notReady.key, Unknown: unreachable.key },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const unschedulable = 'node.kubernetes.io/unschedulable'
const managedKeys: ReadonlySet<string> = new Set([unschedulable, ...Object.values(taintKeys).flatMap(Object.values)])

/** The NoSchedule taints that a node's conditions call for, and those they no longer do. */
export function conditionTaints(node: Node): {
  readonly add: readonly TaintName[]
  readonly remove: readonly TaintName[]
} {
  const wanted: TaintName[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = taintKeys[type]?.[status]
    if (key !== undefined) wanted.push({ key, effect: 'NoSchedule' })
  }
  if (node.spec.unschedulable === true) wanted.push({ key: unschedulable, effect: 'NoSchedule' })
  const remove = (node.spec.taints ?? []).filter(
    ({ key, effect }) => effect === 'NoSchedule' && managedKeys.has(key) && !wanted.some((taint) => taint.key === key),
  )
  return { add: wanted.filter((taint) => !hasTaint(node, taint)), remove }
}
