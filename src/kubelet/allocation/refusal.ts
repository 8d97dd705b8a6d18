import type { Container, Pod } from '#api/core/v1'
import { maySwap, type SwapPolicy } from '../containers/swap.ts'
import { specOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { qosOf } from '../resources/pod-resources.ts'
import { resizableContainers, sizesOf, type Sizes } from './sizes.ts'

/** Why a pod can never be given another size while it runs. */
export interface ResizeRefusal {
  readonly message: string
  /** What it is counted under. */
  readonly detail:
    | 'swap_limitation'
    | 'guaranteed_pod_cpu_manager_static_policy'
    | 'guaranteed_pod_memory_manager_static_policy'
}

/** What stands against other sizes on a node. */
export interface ResizeRules {
  /** Guaranteed pods have CPUs of their own, from first to last. */
  readonly pinsCpus: boolean
  /** Guaranteed pods have memory of certain NUMA nodes, from first to last. */
  readonly pinsMemory: boolean
  readonly swap: SwapPolicy
}

/** @param granted the pod with what it has now. */
export function resizeRefusal(wanted: Pod, granted: Pod, rules: ResizeRules): ResizeRefusal | undefined {
  if (changesSwap(wanted, granted, rules.swap)) {
    return { message: 'In-place resize of containers with swap is not supported.', detail: 'swap_limitation' }
  }
  if (qosOf(wanted) !== 'Guaranteed') return undefined
  const refusal = (manager: string, policy: string, detail: ResizeRefusal['detail']): ResizeRefusal => ({
    message: `Resize is infeasible for Guaranteed Pods alongside ${manager} Manager policy "${policy}"`,
    detail,
  })
  if (rules.pinsCpus && asksForOther('cpuRequest', wanted, granted)) {
    return refusal('CPU', 'static', 'guaranteed_pod_cpu_manager_static_policy')
  }
  if (rules.pinsMemory && asksForOther('memoryRequest', wanted, granted)) {
    return refusal('Memory', 'Static', 'guaranteed_pod_memory_manager_static_policy')
  }
  return undefined
}

/** Of a guaranteed pod limits are what it requests. */
function asksForOther(size: keyof Sizes, wanted: Pod, granted: Pod): boolean {
  const before = resizableContainers(granted)
  return resizableContainers(wanted).some(
    ({ resources }, index) => sizesOf(resources)[size] !== sizesOf(before[index]?.resources)[size],
  )
}

/** The share of swap goes by the memory that a container requests, and is settled when it starts. */
function changesSwap(wanted: Pod, granted: Pod, policy: SwapPolicy): boolean {
  const before = new Map(allContainers(granted).map((container) => [container.name, container]))
  return allContainers(wanted).some((container) => {
    const old = before.get(container.name)
    if (!old || restartsForMemory(old) || requestOf(container) === requestOf(old)) return false
    return maySwap(wanted, container, policy) || maySwap(granted, old, policy)
  })
}

const requestOf = ({ resources }: Container): number => unitsOf(resources?.requests, 'memory')

const restartsForMemory = ({ resizePolicy = [] }: Container): boolean =>
  resizePolicy.find(({ resourceName }) => resourceName === 'memory')?.restartPolicy === 'RestartContainer'

function allContainers(pod: Pod): readonly Container[] {
  const { containers, initContainers = [] } = specOf(pod)
  return [...containers, ...initContainers]
}
