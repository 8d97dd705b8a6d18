import type { Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { Extender, ReviewedVictims } from '../../extenders/extender.ts'
import type { Victims } from './victims.ts'

/**
 * What extenders leave of the nodes on which others would go, one after the other.
 *
 * @throws Error when one fails or makes no sense that may not be ignored.
 */
export async function reviewVictims(
  extenders: readonly Extender[],
  pod: Pod,
  candidates: readonly Victims[],
  { nodes, log, signal }: { readonly nodes: NodeTable; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly Victims[]> {
  let left = candidates
  for (const extender of extenders) {
    if (left.length === 0) break
    const asked = new Map(
      left.map(({ node, pods, violations }) => [node, { pods: pods.map((victim) => victim.pod), violations }]),
    )
    try {
      left = readReview(extender, await extender.preempt(pod, asked, signal), nodes)
    } catch (error) {
      if (!extender.isIgnorable) throw error
      log.info('Skipped extender as it returned error and has ignorable flag set', { extender: extender.url, error })
    }
  }
  return left
}

function readReview(extender: Extender, reviewed: ReviewedVictims, nodes: NodeTable): readonly Victims[] {
  const left: Victims[] = []
  for (const [node, { uids, violations }] of reviewed) {
    const info = nodes.get(node)
    if (!info) throw new Error(`nodeinfo not found for node name ${JSON.stringify(node)}`)
    const pods = uids.map((uid): PodInfo => {
      const victim = info.pods.find((one) => one.uid === uid)
      if (victim) return victim
      const claim = `claims to preempt pod (UID: &{${uid}}) on node: ${node}, but the pod is not found on that node`
      throw new Error(`extender: ${extender.url} ${claim}`)
    })
    if (pods.length > 0) left.push({ node, pods, violations })
    else if (!extender.isIgnorable) throw new Error(`expected at least one victim pod on node ${JSON.stringify(node)}`)
  }
  return left
}
