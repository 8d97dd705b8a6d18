import type { Pod, PodStatus } from '#api/core/v1'
import { isTerminalPhase, specOf } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { ResourceList } from '../resources/lists.ts'
import { fits, type Refusal } from './fit.ts'
import { portsAreFree } from './ports.ts'
import { allowsSysctls } from './sysctls.ts'

export interface AdmissionInput {
  readonly pod: Pod
  /** Pods that use the node already. */
  readonly active: readonly Pod[]
  readonly allocatable: ResourceList
  readonly allowedUnsafeSysctls: readonly string[]
  readonly operatingSystem: string
}

/** Whether a pod may run here; why not, when it may not. A pod that has ended asks for nothing. */
export function refusalOf(input: AdmissionInput): Refusal | undefined {
  const { pod, active, allocatable } = input
  if (isTerminalPhase(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined) return undefined
  const os = specOf(pod).os?.name
  if (os !== undefined && os !== input.operatingSystem) {
    const message = "Failed to admit pod as the OS field doesn't match node OS"
    return { reason: 'PodOSNotSupported', message }
  }
  return allowsSysctls(pod, input.allowedUnsafeSysctls) ?? fits(pod, active, allocatable) ?? portsAreFree(pod, active)
}

/** Status of a pod that was refused. */
export function refusedStatus(pod: Pod, { reason, message }: Refusal): PodStatus {
  return { phase: 'Failed', reason, message: `Pod was rejected: ${message}`, qosClass: qosOf(pod) }
}
