import type { ContainerStatus, Pod, PodCondition, PodStatus } from '#api/core/v1'
import {
  fieldForbidden,
  internalFieldError,
  invalidValue,
  isQualifiedName,
  isValidIPForLegacyField,
  nameIsDNSSubdomain,
  parseIP,
  Path,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateExtendedClaim, validateNodeClaims, validateResourceClaimStatuses } from './claim-statuses.ts'
import { validateAllocated, validateNothingAllocated, validateUsers } from './container-statuses.ts'
import { metaPath, optionsFor, specOf } from './metadata-and-spec.ts'
import { validateTransitions } from './transitions.ts'
import { validateAnnotationsOf } from './update.ts'
import { validateObjectMetaUpdate } from '../../../metadata.ts'

const statusPath = Path.of('status')

/** Rules for `pods/status`. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const spec = specOf(pod)
  const status: PodStatus = pod.status ?? {}
  const before: PodStatus = old.status ?? {}
  const lists: readonly (readonly [readonly ContainerStatus[], Path])[] = [
    [status.containerStatuses ?? [], statusPath.child('containerStatuses')],
    [status.initContainerStatuses ?? [], statusPath.child('initContainerStatuses')],
    [status.ephemeralContainerStatuses ?? [], statusPath.child('ephemeralContainerStatuses')],
  ]
  const [main, init, ephemeral] = lists
  return [
    ...validateObjectMetaUpdate(pod.metadata, old.metadata, metaPath),
    ...validateAnnotationsOf(pod, old, optionsFor(old)),
    ...validateConditions(status.conditions, statusPath.child('conditions')),
    ...validateNomination(status.nominatedNodeName, before.nominatedNodeName, specOf(old).nodeName),
    ...notNegative(status.observedGeneration, statusPath.child('observedGeneration')),
    ...(status.qosClass === before.qosClass
      ? []
      : [invalidValue(statusPath.child('qosClass'), named(status.qosClass ?? ''), 'field is immutable')]),
    ...validateTransitions(status, before, specOf(old), statusPath),
    ...validateResourceClaimStatuses(status, spec, statusPath.child('resourceClaimStatuses')),
    ...validateExtendedClaim(status, spec, statusPath.child('extendedResourceClaimStatus')),
    ...validateNodeClaims(status, spec, statusPath.child('nodeAllocatableResourceClaimStatuses')),
    ...validateIPs('podIPs', status, before),
    ...validateHostIP(status),
    ...validateIPs('hostIPs', status, before),
    ...lists.flatMap(([statuses, at]) => validateUsers(statuses, spec.os, at)),
    ...(main ? validateAllocated(...main, spec.containers ?? []) : []),
    ...(init ? validateAllocated(...init, spec.initContainers ?? []) : []),
    ...(ephemeral ? validateNothingAllocated(...ephemeral) : []),
  ]
}

const systemConditions = ['PodScheduled', 'Ready', 'Initialized']

function validateConditions(conditions: readonly PodCondition[] = [], path: Path): FieldError[] {
  return conditions.flatMap(({ type, observedGeneration }, index) => {
    const at = path.index(index)
    const errors = notNegative(observedGeneration, at.child('observedGeneration'))
    if (systemConditions.includes(type)) return errors
    return [...errors, ...isQualifiedName(type).map((problem) => invalidValue(at.child('Type'), type, problem))]
  })
}

function notNegative(generation = 0, at: Path): FieldError[] {
  return generation < 0 ? [invalidValue(at, generation, 'must be a non-negative integer')] : []
}

/** A node that a pod waits for: only while it waits. */
function validateNomination(now = '', before = '', node = ''): FieldError[] {
  if (now === before || now === '') return []
  const at = statusPath.child('nominatedNodeName')
  const errors = nameIsDNSSubdomain(now, false).map((problem) => invalidValue(at, now, problem))
  if (node !== '') errors.push(fieldForbidden(at, 'may not be set on pods that are already bound to a node'))
  return errors
}

/** One address of each family, at most. */
function validateIPs(list: 'podIPs' | 'hostIPs', status: PodStatus, before: PodStatus): FieldError[] {
  const at = statusPath.child(list)
  const ips = (status[list] ?? []).map(({ ip }) => ip)
  const known = (before[list] ?? []).map(({ ip }) => ip)
  const errors = ips.flatMap((ip, index) => isValidIPForLegacyField(at.index(index), ip, known))
  if (ips.length <= 1) return errors
  const families = ips.map((ip) => parseIP(ip)?.length)
  const broken = families.indexOf(undefined)
  if (broken !== -1) {
    const why = `invalid IP[${broken}]: ${ips[broken] ?? ''}`
    errors.push(internalFieldError(at, `failed to check for dual stack with error:${why}`))
  }
  if (broken !== -1 || new Set(families).size < 2 || ips.length > 2) {
    const shown = ips.map((ip) => ({ IP: ip }))
    errors.push(invalidValue(at, shown, 'may specify no more than one IP for each IP family'))
  }
  return errors
}

function validateHostIP({ hostIP = '', hostIPs = [] }: PodStatus): FieldError[] {
  const [first] = hostIPs
  if (!first || (first.ip ?? '') === hostIP) return []
  const at = statusPath.child('hostIPs').index(0).child('ip')
  return [invalidValue(at, first.ip ?? '', 'must be equal to `hostIP`')]
}
