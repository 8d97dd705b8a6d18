import type { Clock } from '#base'
import { nodes } from '#api/core/v1'
import type { Node, Taint, Toleration } from '#api/core/v1'
import { retryOnConflict } from '#client'
import type { Client } from '#client'
import { isNotFound, timeOfMillis, tolerates } from '#machinery'

export type TaintName = Pick<Taint, 'key' | 'effect'>

export const sameTaint = (a: TaintName, b: TaintName): boolean => a.key === b.key && a.effect === b.effect

export const hasTaint = ({ spec }: Node, taint: TaintName): boolean =>
  (spec.taints ?? []).some((each) => sameTaint(each, taint))

/**
 * Adds and removes taints of a node, judged by what the node has now.
 *
 * @returns false when the node is gone.
 */
export async function swapTaints(
  client: Client,
  clock: Clock,
  name: string,
  add: readonly TaintName[],
  remove: readonly TaintName[],
): Promise<boolean> {
  try {
    await retryOnConflict(
      async () => {
        const node = await client.get(nodes, { name })
        const timeAdded = timeOfMillis(clock.now())
        const current = node.spec.taints ?? []
        const added = add.filter((taint) => !hasTaint(node, taint)).map((taint) => ({ ...taint, timeAdded }))
        const kept = current.filter((taint) => !remove.some((each) => sameTaint(each, taint)))
        if (added.length === 0 && kept.length === current.length) return
        const taints = [...kept, ...added].map((taint) => ({ ...taint }))
        const { resourceVersion = '' } = node.metadata
        const patch = { metadata: { resourceVersion }, spec: { taints: taints.length === 0 ? null : taints } }
        await client.patch(nodes, { name }, { type: 'strategic', patch })
      },
      { clock },
    )
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** Tolerations that cover taints, the first for each; `undefined` when a taint is not tolerated. */
export function matchingTolerations(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
): readonly Toleration[] | undefined {
  const matching: Toleration[] = []
  for (const taint of taints) {
    const found = tolerations.find((toleration) => tolerates(toleration, taint))
    if (!found) return undefined
    matching.push(found)
  }
  return matching
}
