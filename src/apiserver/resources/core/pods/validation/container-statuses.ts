import type { Container, ContainerStatus, PodOS, ResourceStatus } from '#api/core/v1'
import {
  byteLength,
  duplicate,
  fieldForbidden,
  invalidValue,
  isGroupID,
  isUserID,
  notSupported,
  required,
  tooLong,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'

const healths = ['Healthy', 'Unhealthy', 'Unknown']
const longestMessage = 1024

/** Who the processes of containers run as. */
export function validateUsers(statuses: readonly ContainerStatus[], os: PodOS | undefined, path: Path): FieldError[] {
  return statuses.flatMap(({ user }, index) => {
    const linux = user?.linux
    if (!linux) return []
    const at = path.index(index).child('user', 'linux')
    if (os?.name === 'windows') return [fieldForbidden(at, 'cannot be set for a windows pod')]
    const check = (problems: readonly string[], value: number, field: Path): FieldError[] =>
      problems.map((problem) => invalidValue(field, value, problem))
    return [
      ...check(isUserID(linux.uid), linux.uid, at.child('uid')),
      ...check(isGroupID(linux.gid), linux.gid, at.child('gid')),
      ...(linux.supplementalGroups ?? []).flatMap((group, place) =>
        check(isGroupID(group), group, at.child('supplementalGroups').index(place)),
      ),
    ]
  })
}

export function validateNothingAllocated(statuses: readonly ContainerStatus[], path: Path): FieldError[] {
  return statuses.flatMap(({ allocatedResourcesStatus = [] }, index) => {
    if (allocatedResourcesStatus.length === 0) return []
    const at = path.index(index).child('allocatedResourcesStatus')
    return [fieldForbidden(at, 'must not be specified in container status')]
  })
}

/** Health of the devices that containers were given: of such as they asked for. */
export function validateAllocated(
  statuses: readonly ContainerStatus[],
  path: Path,
  containers: readonly Container[],
): FieldError[] {
  const byName = new Map(containers.map((container) => [container.name, container]))
  return statuses.flatMap(({ name, allocatedResourcesStatus = [] }, index) => {
    const container = byName.get(name)
    return allocatedResourcesStatus.flatMap((resource, place) => {
      const at = path.index(index).child('allocatedResourcesStatus').index(place)
      const wrong = container ? nameProblem(resource.name, container) : undefined
      return [
        ...(wrong === undefined ? [] : [invalidValue(at.child('name'), named(resource.name), wrong)]),
        ...validateHealth(resource, at.child('resources')),
      ]
    })
  })
}

function nameProblem(name: string, { resources }: Container): string | undefined {
  if (!name.startsWith('claim:'))
    return resources?.requests?.[name] === undefined ? "must match one of the container's resource requests" : undefined
  const asked = (resources?.claims ?? []).some(
    ({ name: claim, request = '' }) => name === `claim:${claim}${request === '' ? '' : `/${request}`}`,
  )
  if (asked) return undefined
  return "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
}

function validateHealth({ resources = [] }: ResourceStatus, path: Path): FieldError[] {
  const seen = new Set<string>()
  return resources.flatMap(({ resourceID, health = '', message }, index) => {
    const at = path.index(index)
    const errors: FieldError[] = []
    if (!healths.includes(health)) errors.push(notSupported(at.child('health'), health, healths))
    if (message === '') errors.push(required(at.child('message'), 'must be non-empty if specified'))
    else if (message !== undefined && byteLength(message) > longestMessage)
      errors.push(tooLong(at.child('message'), longestMessage))
    if (seen.has(resourceID)) errors.push(duplicate(at.child('resourceID'), named(resourceID)))
    seen.add(resourceID)
    return errors
  })
}
