import type { NodeColumns } from '../cache/node-columns.ts'
import type { NodeInfo } from '../cache/node-info.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import type { Status } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'

/**
 * The verdict about one node, with the pods of at least the same priority that were promised room there: it must do with
 * them, for what they will take, and without them, for those they may never bring.
 *
 * @param scratch columns of one slot to work in.
 */
export function filterWithNominated(
  framework: Framework,
  nominator: Nominator,
  cycle: CycleState,
  pod: PodInfo,
  node: NodeInfo,
  scratch?: NodeColumns,
): Status | undefined {
  const promised = [...nominator.on(node.name)].filter(
    (other) => other.priority >= pod.priority && other.uid !== pod.uid,
  )
  if (promised.length > 0) {
    const trial = cycle.clone()
    const crowded = node.copy(scratch)
    for (const other of promised) {
      crowded.addPod(other)
      framework.addPod(trial, pod, other, crowded)
    }
    const status = framework.filter(trial, pod, crowded)
    if (status) return status
  }
  return framework.filter(cycle, pod, node)
}
