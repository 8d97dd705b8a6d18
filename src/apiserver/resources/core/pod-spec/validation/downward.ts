import type { ObjectFieldSelector, ResourceFieldSelector } from '#api/core/v1'
import { invalidValue, isQualifiedName, notSupported, notSupportedText, Quantity, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Everything that the downward API knows of a pod; each use allows some. */
const known = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
])

export function validateFieldRef(
  { apiVersion = '', fieldPath }: ObjectFieldSelector,
  allowed: readonly string[],
  path: Path,
): FieldError[] {
  if (apiVersion === '') return [required(path.child('apiVersion'))]
  if (fieldPath === '') return [required(path.child('fieldPath'))]
  const at = path.child('fieldPath')
  if (apiVersion !== 'v1')
    return [invalidValue(at, fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`)]
  const subscripted = /^(.+?)\['([^]*)'\]$/.exec(fieldPath)
  if (subscripted) return validateSubscript(subscripted[1] ?? '', subscripted[2] ?? '', fieldPath, path)
  // The name it had before.
  const field = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  if (!known.has(field)) {
    const why = `error converting fieldPath: field label not supported: ${fieldPath}`
    return [invalidValue(at, fieldPath, why)]
  }
  return allowed.includes(field) ? [] : [notSupported(at, field, allowed)]
}

function validateSubscript(field: string, key: string, whole: string, path: Path): FieldError[] {
  switch (field) {
    case 'metadata.annotations':
      return qualified(key.toLowerCase(), path)
    case 'metadata.labels':
      return qualified(key, path)
    default: {
      const why = `error converting fieldPath: field label does not support subscript: ${whole}`
      return [invalidValue(path.child('fieldPath'), whole, why)]
    }
  }
}

const qualified = (key: string, path: Path): FieldError[] =>
  isQualifiedName(key).map((problem) => invalidValue(path, key, problem))

const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]
const isHugePagesField = (resource: string): boolean => /^(?:requests|limits)\.hugepages-/.test(resource)

/** `volume`: the file is in a volume, which belongs to no container, so it must name one. */
export function validateResourceFieldRef(
  { containerName = '', resource, divisor }: ResourceFieldSelector,
  path: Path,
  volume: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  if (volume && containerName === '') errors.push(required(path.child('containerName')))
  else if (resource === '') errors.push(required(path.child('resource')))
  else if (!resources.includes(resource) && !isHugePagesField(resource))
    errors.push(notSupportedText(path.child('resource'), resource, resources))
  return [...errors, ...validateDivisor(resource, divisor, path.child('divisor'))]
}

const sizes = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

function validateDivisor(resource: string, divisor = '0', at: Path): FieldError[] {
  const quantity = Quantity.parse(divisor)
  if (quantity.isZero()) return []
  const text = quantity.toString()
  const refuse = (what: string): FieldError[] => [
    invalidValue(at, resource, `only divisor's values ${what} are supported with the ${nameOf(resource)} resource`),
  ]
  if (resource.endsWith('s.cpu') && resources.includes(resource))
    return ['1m', '1'].includes(text) ? [] : refuse('1m and 1')
  if (!resources.includes(resource) && !isHugePagesField(resource)) return []
  return sizes.includes(text) ? [] : refuse(sizes.join(', '))
}

function nameOf(resource: string): string {
  if (isHugePagesField(resource)) return 'hugepages'
  if (resource.endsWith('.ephemeral-storage')) return 'local ephemeral storage'
  return resource.slice(resource.indexOf('.') + 1)
}
