import type { PodSpec, ResourceClaim, ResourceRequirements } from '#api/core/v1'
import {
  containerAmounts,
  duplicate,
  fieldForbidden,
  fieldNotFound,
  invalidValue,
  isDNS1123Label,
  isPodLevelResource,
  notSupported,
  Quantity,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import {
  isHugePages,
  isOvercommitAllowed,
  validateAmount,
  validateContainerResourceName,
  validateResourceName,
} from '../../resource-names.ts'
import { isDivisibleHugePages } from './huge-pages.ts'

type NameCheck = (name: string, at: Path) => readonly FieldError[]

const validatePodName: NameCheck = (name, at) => {
  const errors = validateResourceName(name, at)
  if (errors.length > 0 || isPodLevelResource(name)) return errors
  return [notSupported(at, name, ['cpu', 'hugepages-', 'memory'])]
}

/** Resources of a container; `claims` are the names of the pod's resource claims. */
export function validateContainerResources(
  requirements: ResourceRequirements | undefined,
  claims: ReadonlySet<string>,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  return requirements ? validateRequirements(requirements, validateContainerResourceName, claims, path, options) : []
}

function validateRequirements(
  requirements: ResourceRequirements,
  checkName: NameCheck,
  claims: ReadonlySet<string>,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { limits = {}, requests = {} } = requirements
  const errors: FieldError[] = []
  const check = (name: string, amount: string, at: Path): void => {
    errors.push(...checkName(name, at), ...validateAmount(name, amount, at))
  }
  const checkPages = (name: string, amount: string, at: Path): void => {
    if (!isHugePages(name) || options.allowIndivisibleHugePages || isDivisibleHugePages(name, amount)) return
    errors.push(invalidValue(at, amount, `${amount} is not positive integer multiple of ${name}`))
  }
  for (const [name, amount] of Object.entries(limits)) {
    const at = path.child('limits').key(name)
    check(name, amount, at)
    checkPages(name, amount, at)
  }
  for (const [name, amount] of Object.entries(requests)) {
    const at = path.child('requests').key(name)
    check(name, amount, at)
    // Names may be such as every object has properties of.
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined
    errors.push(...validateRequest(name, amount, limit, path))
    checkPages(name, amount, at)
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    errors.push(fieldForbidden(path, 'HugePages require cpu or memory'))
  return [...errors, ...validateClaims(requirements.claims, claims, path.child('claims'))]
}

function validateRequest(name: string, amount: string, limit: string | undefined, path: Path): FieldError[] {
  if (limit === undefined) {
    if (isOvercommitAllowed(name)) return []
    return [required(path.child('limits'), 'Limit must be set for non overcommitable resources')]
  }
  const order = Quantity.parse(amount).compare(Quantity.parse(limit))
  const at = path.child('requests')
  if (order !== 0 && !isOvercommitAllowed(name))
    return [invalidValue(at, amount, `must be equal to ${name} limit of ${limit}`)]
  return order > 0 ? [invalidValue(at, amount, `must be less than or equal to ${name} limit of ${limit}`)] : []
}

function validateClaims(claims: readonly ResourceClaim[] = [], known: ReadonlySet<string>, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, { name, request = '' }] of claims.entries()) {
    const at = path.index(index)
    if (name === '') {
      errors.push(required(at))
      continue
    }
    if (seen.has(name)) errors.push(duplicate(at, name))
    else {
      if (request !== '')
        for (const problem of isDNS1123Label(request)) errors.push(invalidValue(at.child('request'), request, problem))
      const key = request === '' ? name : `${name}/${request}`
      if (seen.has(key)) errors.push(duplicate(at, key))
      else if (request === '') {
        // The whole claim overlaps with every request of it that came before.
        for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name))
      }
      seen.add(key)
    }
    if (!known.has(name)) {
      const names = known.size === 0 ? ' which is empty' : `: ${[...known].toSorted().join(', ')}`
      errors.push({ ...fieldNotFound(at, name), detail: `must be one of the names in pod.spec.resourceClaims${names}` })
    }
  }
  return errors
}

/** Resources of a pod as a whole. */
export function validatePodResources(
  spec: PodSpec,
  claims: ReadonlySet<string>,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { resources } = spec
  if (!resources) return []
  if (spec.os?.name === 'windows') return [fieldForbidden(path, 'may not be set for a windows pod')]
  const errors: FieldError[] = []
  if (resources.claims)
    errors.push(fieldForbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'))
  return [
    ...errors,
    ...validateRequirements(resources, validatePodName, claims, path, options),
    ...validateConsistency(spec, resources, path),
  ]
}

/** What containers ask for and may have fits into what the pod does. */
function validateConsistency(
  spec: PodSpec,
  { requests = {}, limits = {} }: ResourceRequirements,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, total] of containerAmounts(spec, 'requests')) {
    const own = requests[name]
    if (own === undefined || total.compare(Quantity.parse(own)) <= 0) continue
    const why = `must be greater than or equal to aggregate container requests of ${total.toString()}`
    errors.push(invalidValue(path.child('requests').key(name), own, why))
  }
  for (const [name, total] of containerAmounts(spec, 'limits')) {
    const own = limits[name]
    if (!isHugePages(name) || own === undefined || total.compare(Quantity.parse(own)) <= 0) continue
    const why = `must be greater than or equal to aggregate container limits of ${total.toString()}`
    errors.push(invalidValue(path.child('limits').key(name), own, why))
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const own = limits[name]
      if (own === undefined || Quantity.parse(limit).compare(Quantity.parse(own)) <= 0) continue
      const at = path.child('containers').index(index).key(name).child('limits')
      errors.push(invalidValue(at, limit, `must be less than or equal to pod limits of ${own}`))
    }
  }
  return errors
}
