import type { Taint } from '#api/core/v1'
import { matchesNodeSelector } from '#machinery'
import type { ResourceIds } from '../cache/amounts.ts'
import type { NodeInfo } from '../cache/node-info.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { Status } from '../framework/status.ts'
import { untoleratedTaint } from '../plugins/helper/tolerations.ts'
import { names } from '../plugins/names.ts'
import { insufficientResources } from '../plugins/noderesources/fit.ts'

/** Something that would have to be different for a pod to fit on a node. */
export type Change =
  /** The pod asks for so much less, or the node gets so much freer: millicores of cpu, whole units of others. */
  | {
      readonly kind: 'resource'
      readonly resource: string
      readonly requested: number
      readonly free: number
      readonly short: number
    }
  | { readonly kind: 'toleration'; readonly taint: Taint }
  | { readonly kind: 'uncordon' }
  /** The node has other labels, or the pod's node selector asks for less. */
  | { readonly kind: 'label'; readonly key: string; readonly wanted: string; readonly actual?: string }
  /** What can't be said more closely: the plugin's own words. */
  | { readonly kind: 'other'; readonly plugin: string; readonly reasons: readonly string[] }

/** A node, and all that would have to change for a pod to fit on it. */
export interface SmallestChange {
  readonly node: string
  readonly changes: readonly Change[]
}

/** What would have to change on a node, for each plugin that is against it. */
export function changesFor(
  pod: PodInfo,
  node: NodeInfo,
  statuses: readonly Status[],
  resources: ResourceIds,
): readonly Change[] {
  return statuses.flatMap((status): readonly Change[] => {
    switch (status.plugin) {
      case names.nodeResourcesFit:
        return insufficientResources(pod, node, resources).map(({ resource, requested, used, capacity }) => {
          const free = capacity - used
          return { kind: 'resource', resource, requested, free, short: requested - free }
        })
      case names.taintToleration:
        return missingTolerations(pod, node)
      case names.nodeUnschedulable:
        return [{ kind: 'uncordon' }]
      case names.nodeAffinity:
        return missingLabels(pod, node) ?? [other(status)]
      default:
        return [other(status)]
    }
  })
}

function other({ plugin, reasons }: Status): Change {
  return { kind: 'other', plugin, reasons }
}

function missingTolerations(pod: PodInfo, { node }: NodeInfo): readonly Change[] {
  const { tolerations = [] } = pod.pod.spec ?? {}
  return (node?.spec?.taints ?? [])
    .filter((taint) => untoleratedTaint([taint], tolerations) !== undefined)
    .map((taint) => ({ kind: 'toleration', taint }))
}

/** Labels of the node selector that the node lacks; `undefined` where affinity with its alternatives is against it. */
function missingLabels(pod: PodInfo, { node, labels }: NodeInfo): readonly Change[] | undefined {
  const { nodeSelector = {}, affinity } = pod.pod.spec ?? {}
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (required && node && !matchesNodeSelector(required, node)) return undefined
  return Object.entries(nodeSelector)
    .filter(([key, wanted]) => labels[key] !== wanted)
    .map(([key, wanted]) => {
      const actual = labels[key]
      return { kind: 'label', key, wanted, ...(actual === undefined ? {} : { actual }) }
    })
}

/** How far off a node is: first by how many things are in the way, then by how much of resources is lacking. */
export function effortOf(changes: readonly Change[]): number {
  let effort = 0
  for (const change of changes) {
    // A shortage counts for less than another thing in the way, and the more the larger its share of what is asked for.
    effort += change.kind === 'resource' ? 1 + Math.min(1, change.short / Math.max(1, change.requested)) / 2 : 1
    // What can't be said can hardly be done.
    if (change.kind === 'other') effort += 1
  }
  return effort
}
