import { invalidValue, isQualifiedName, Quantity, named } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Names of resources that are counted or measured, and rules for amounts of them. */

const hugePages = 'hugepages-'
const requests = 'requests.'
const notInteger = 'must be an integer'
const negative = 'must be greater than or equal to 0'

const counted: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

const quotaResources: ReadonlySet<string> = new Set([
  ...counted,
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
])

const isQuotaHugePages = (name: string): boolean => name.startsWith(hugePages) || name.startsWith(requests + hugePages)

/** Names without a domain, and those of kubernetes.io. */
export const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** Resources of someone's own, which come whole. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith(requests) && isQualifiedName(requests + name).length === 0

export const isHugePages = (name: string): boolean => name.startsWith(hugePages)

export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name)

const isCounted = (name: string): boolean => counted.has(name) || isExtended(name)

/** Resources that quotas know. */
export const isQuotaResource = (name: string): boolean => quotaResources.has(name) || isQuotaHugePages(name)

/** Resources that have a name without a domain. */
const isStandardResource = (name: string): boolean => isQuotaResource(name) || name === 'storage'

/** Resources that containers may ask for by a name without a domain. */
const isContainerResource = (name: string): boolean =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) || isHugePages(name)

/** A name that is qualified and, without a domain, one of `standard`; `what` says of which kind. */
export function validateNameAmong(
  name: string,
  standard: (name: string) => boolean,
  what: string,
  path: Path,
): readonly FieldError[] {
  const problems = isQualifiedName(name)
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, named(name), problem))
  return name.includes('/') || standard(name) ? [] : [invalidValue(path, named(name), what)]
}

/** The name of something that a container can ask for. */
export function validateContainerResourceName(name: string, path: Path): readonly FieldError[] {
  const errors = validateResourceName(name, path)
  if (!name.includes('/'))
    return isContainerResource(name)
      ? errors
      : [...errors, invalidValue(path, named(name), 'must be a standard resource for containers')]
  if (isNative(name) || isExtended(name)) return errors
  return [...errors, invalidValue(path, named(name), "doesn't follow extended resource name standard")]
}

export const validateResourceName = (name: string, path: Path): readonly FieldError[] =>
  validateNameAmong(name, isStandardResource, 'must be a standard resource type or fully qualified', path)

export function validateNonNegativeQuantity(text: string, path: Path): readonly FieldError[] {
  return Quantity.parse(text).sign() < 0 ? [invalidValue(path, text, negative)] : []
}

export function validatePositiveQuantity(text: string, path: Path): readonly FieldError[] {
  return Quantity.parse(text).sign() <= 0 ? [invalidValue(path, text, 'must be greater than zero')] : []
}

/** An amount of a resource: none is negative, and what is counted comes whole. */
export function validateAmount(name: string, text: string, path: Path): readonly FieldError[] {
  const errors = validateNonNegativeQuantity(text, path)
  if (!isCounted(name) || Quantity.parse(text).isMultipleOf(0)) return errors
  return [...errors, invalidValue(path, text, notInteger)]
}
