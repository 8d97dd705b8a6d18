import type { PodSpec, PodStatus } from '#api/core/v1'
import { duplicate, invalidValue, isDNS1123Label, nameIsDNSSubdomain, Quantity, required, named } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { isNative } from '../../resource-names.ts'

const subdomain = (name: string, at: Path): FieldError[] =>
  nameIsDNSSubdomain(name, false).map((problem) => invalidValue(at, name, problem))

/** Claims that were made for a pod. */
export function validateResourceClaimStatuses(status: PodStatus, spec: PodSpec, path: Path): FieldError[] {
  const seen = new Set<string>()
  const asked = new Set((spec.resourceClaims ?? []).map((claim) => claim.name))
  return (status.resourceClaimStatuses ?? []).flatMap(({ name, resourceClaimName }, index) => {
    const at = path.index(index)
    const errors: FieldError[] = []
    if (!asked.has(name))
      errors.push(invalidValue(at.child('name'), name, 'must match the name of an entry in `spec.resourceClaims`'))
    if (seen.has(name)) errors.push(duplicate(at.child('name'), name))
    seen.add(name)
    if (resourceClaimName !== undefined) errors.push(...subdomain(resourceClaimName, at.child('resourceClaimName')))
    return errors
  })
}

/** The claim that stands for extended resources (KEP-5004). */
export function validateExtendedClaim(status: PodStatus, spec: PodSpec, path: Path): FieldError[] {
  const claim = status.extendedResourceClaimStatus
  if (!claim) return []
  const mappings = claim.requestMappings ?? []
  const containers = new Map(
    [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) => [container.name, container]),
  )
  const list = path.child('requestMappings')
  const errors: FieldError[] = []
  if (mappings.length === 0) errors.push(required(list, 'at least one request mapping is required'))
  const seen = new Set<string>()
  for (const [index, { containerName, resourceName, requestName }] of mappings.entries()) {
    const at = list.index(index)
    const container = containers.get(containerName)
    if (!container) {
      const why = 'must match the name of an entry in spec.initContainers.name or spec.containers.name'
      errors.push(invalidValue(at.child('containerName'), containerName, why))
    } else if (container.resources?.requests?.[resourceName] === undefined) {
      const why =
        'must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests'
      errors.push(invalidValue(at.child('resourceName'), resourceName, why))
    }
    for (const problem of isDNS1123Label(requestName))
      errors.push(invalidValue(path.child('requestName'), requestName, problem))
    const key = JSON.stringify([containerName, resourceName, requestName])
    if (seen.has(key)) {
      errors.push(
        duplicate(at.child('containerName'), containerName),
        duplicate(at.child('resourceName'), resourceName),
        duplicate(at.child('requestName'), requestName),
      )
    }
    seen.add(key)
  }
  const at = path.child('resourceClaimName')
  if (claim.resourceClaimName === '') errors.push(required(at))
  else errors.push(...subdomain(claim.resourceClaimName, at))
  return errors
}

/** Claims that take from what the node has to give. */
export function validateNodeClaims(status: PodStatus, spec: PodSpec, path: Path): FieldError[] {
  const known = new Set(
    [...(spec.resourceClaims ?? []), ...(status.resourceClaimStatuses ?? [])].map(
      ({ resourceClaimName }) => resourceClaimName,
    ),
  )
  return (status.nodeAllocatableResourceClaimStatuses ?? []).flatMap((claim, index) => {
    const at = path.index(index)
    const { resourceClaimName: name, containers, resources } = claim
    const errors: FieldError[] = []
    if (name === '') errors.push(required(at.child('resourceClaimName'), 'must not be empty'))
    if (!known.has(name))
      errors.push(invalidValue(at.child('resourceClaimName'), name, 'no mapping found in pod reference'))
    if ((containers ?? []).length === 0) errors.push(required(at.child('containers'), 'must not be empty'))
    const list = at.child('resources')
    if (Object.keys(resources).length === 0) errors.push(required(list, 'must not be empty'))
    for (const [resource, amount] of Object.entries(resources)) {
      if (!isNative(resource))
        errors.push(invalidValue(list.key(resource), named(resource), 'must be a node allocatable resource name'))
      if (Quantity.parse(amount).sign() < 0)
        errors.push(invalidValue(list.key(resource), amount, 'must be non-negative'))
    }
    return errors
  })
}
