import type { ResourceList } from '#machinery'
import type { Node, Pod, PodStatus } from '#api/core/v1'
import { isTerminalPhase } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import { canConfine } from './apparmor.ts'
import { fits, type Refusal } from './fit.ts'
import { canKeepGroups, isWanted, suitsSystem, toleratesNode } from './node.ts'
import { portsAreFree } from './ports.ts'
import { allowsSysctls } from './sysctls.ts'

export interface AdmissionInput {
  readonly pod: Pod
  /** The node as the API has it; absent when it is not known yet, or when the pod was here before. */
  readonly node?: Node
  /** Pods that use the node already. */
  readonly active: readonly Pod[]
  readonly allocatable: ResourceList
  readonly allowedUnsafeSysctls: readonly string[]
  readonly operatingSystem: string
  readonly hasAppArmor: boolean
}

/** Whether a pod may run here; why not, when it may not. A pod that has ended asks for nothing. */
export function refusalOf(input: AdmissionInput): Refusal | undefined {
  const { pod, active, allocatable, node } = input
  if (isTerminalPhase(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined) return undefined
  return (
    suitsSystem(pod, input.operatingSystem) ??
    (node && canKeepGroups(pod, node)) ??
    allowsSysctls(pod, input.allowedUnsafeSysctls) ??
    fits(pod, active, allocatable) ??
    (node && isWanted(pod, node)) ??
    portsAreFree(pod, active) ??
    (node && toleratesNode(pod, node)) ??
    canConfine(pod, input.hasAppArmor)
  )
}

/** Status of a pod that was refused. */
export function refusedStatus(pod: Pod, { reason, message }: Refusal): PodStatus {
  return { phase: 'Failed', reason, message: `Pod was rejected: ${message}`, qosClass: qosOf(pod) }
}
