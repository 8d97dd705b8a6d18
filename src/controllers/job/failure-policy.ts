import type { PodFailurePolicy, PodFailurePolicyOnExitCodesRequirement } from '#api/batch/v1'
import type { ContainerStatus, Pod } from '#api/core/v1'

/** What a failed pod means to its Job. */
export interface FailureVerdict {
  readonly counts: boolean
  readonly action?: 'Ignore' | 'FailIndex' | 'Count' | 'FailJob'
  /** Why the Job fails by this. */
  readonly message?: string
}

/** The verdict of the first rule that matches; without any the failure counts. */
export function judgeFailure(policy: PodFailurePolicy | undefined, pod: Pod): FailureVerdict {
  for (const [index, { action, onExitCodes, onPodConditions }] of (policy?.rules ?? []).entries()) {
    const { namespace = '', name = '' } = pod.metadata
    let message: string | undefined
    if (onExitCodes) {
      const found = containerWithCode(pod, onExitCodes)
      if (!found) continue
      const code = found.state?.terminated?.exitCode ?? 0
      message = `Container ${found.name} for pod ${namespace}/${name} failed with exit code ${code} matching ${action} rule at index ${index}`
    } else {
      const found = pod.status?.conditions?.find(({ type, status }) =>
        (onPodConditions ?? []).some((pattern) => pattern.type === type && pattern.status === status),
      )
      if (!found) continue
      message = `Pod ${namespace}/${name} has condition ${found.type} matching ${action} rule at index ${index}`
    }
    if (action === 'Ignore') return { counts: false, action }
    if (action === 'FailJob') return { counts: true, action, message }
    if (action === 'FailIndex' || action === 'Count') return { counts: true, action }
  }
  return { counts: true }
}

function containerWithCode(
  { status }: Pod,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): ContainerStatus | undefined {
  const matches = ({ name, state }: ContainerStatus): boolean => {
    const code = state?.terminated?.exitCode
    if (code === undefined || code === 0 || (containerName !== undefined && containerName !== name)) return false
    if (operator === 'In') return values.includes(code)
    return operator === 'NotIn' && !values.includes(code)
  }
  return status?.containerStatuses?.find(matches) ?? status?.initContainerStatuses?.find(matches)
}
