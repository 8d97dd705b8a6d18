import { deepEqual } from '#base'
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '#api/core/v1'
import { allContainersCouldRestart, isRestartableInitContainer, shouldRestart, specOf } from '../pods/containers.ts'
import { ownConditions } from './conditions.ts'

/** Fields of the status that others write. */
const foreignFields = [
  'resourceClaimStatuses',
  'extendedResourceClaimStatus',
  'nodeAllocatableResourceClaimStatuses',
] as const

const isShared = (type: string): boolean => ownConditions.has(type) || type === 'DisruptionTarget'

/** Whether two statuses say the same, as far as the node has a say. */
export function saysTheSame(a: PodStatus, b: PodStatus): boolean {
  if (a === b) return true
  return conditionsSayTheSame(a.conditions ?? [], b.conditions ?? []) && deepEqual(own(a), own(b))
}

function conditionsSayTheSame(a: readonly PodCondition[], b: readonly PodCondition[]): boolean {
  const left = a.filter(({ type }) => isShared(type))
  const right = new Map(b.filter(({ type }) => isShared(type)).map((condition) => [condition.type, condition]))
  if (left.length !== right.size) return false
  return left.every(({ type, status, reason = '', message = '' }) => {
    const other = right.get(type)
    return other?.status === status && (other.reason ?? '') === reason && (other.message ?? '') === message
  })
}

function own(status: PodStatus): object {
  const rest: { [field: string]: unknown } = { ...status, conditions: undefined }
  for (const field of foreignFields) rest[field] = undefined
  return rest
}

/** Carries over what others have written. */
export function foreignPart(status: PodStatus | undefined): Partial<PodStatus> {
  const part: { [field: string]: unknown } = {}
  for (const field of foreignFields) if (status?.[field] !== undefined) part[field] = status[field]
  return part
}

/** A container that ended for good can't be alive again. Returns what is wrong, `undefined` when nothing is. */
export function illegalTransition(pod: Pod, before: PodStatus, after: PodStatus): string | undefined {
  const spec = specOf(pod)
  if (spec.restartPolicy === undefined || spec.restartPolicy === 'Always' || allContainersCouldRestart(spec)) {
    return undefined
  }
  const regular = (spec.initContainers ?? []).filter((container) => !isRestartableInitContainer(container))
  return (
    revived(spec.containers, pod, before.containerStatuses, after.containerStatuses, 'terminated container') ??
    revived(regular, pod, before.initContainerStatuses, after.initContainerStatuses, 'terminated init container')
  )
}

function revived(
  containers: readonly Container[],
  pod: Pod,
  before: readonly ContainerStatus[] = [],
  after: readonly ContainerStatus[] = [],
  what: string,
): string | undefined {
  for (const container of containers) {
    const { name } = container
    const ended = before.find((status) => status.name === name)?.state?.terminated
    if (!ended || shouldRestart(container, specOf(pod), ended.exitCode)) continue
    const now = after.find((status) => status.name === name)
    if (now && !now.state?.terminated) return `${what} ${name} attempted illegal transition to non-terminated state`
  }
  return undefined
}
