import type { APIService } from '#api/apiregistration/v1'
import {
  invalidValue,
  isDNS1035Label,
  isDNS1123Subdomain,
  isPathSegmentName,
  isPortNumber,
  notSupported,
  Path,
  quote,
  required,
  validateObjectMeta,
} from '#machinery'
import type { FieldError, KubeObject } from '#machinery'

const maxGroupPriority = 20_000
const maxVersionPriority = 1000

/** Rules of a served group version, be it local or another server's. */
export function validateAPIService(object: APIService): FieldError[] {
  const spec = object.spec ?? { groupPriorityMinimum: 0, versionPriority: 0 }
  const { group = '', version = '', groupPriorityMinimum, versionPriority } = spec
  const path = Path.of('spec')
  const wanted = `${version}.${group}`
  const name = (text: string): readonly string[] => {
    const problems = isPathSegmentName(text)
    if (problems.length > 0) return problems
    return text === wanted ? [] : [`must be \`spec.version+"."+spec.group\`: ${quote(wanted)}`]
  }
  const errors = [
    ...validateObjectMeta((object as KubeObject).metadata, { namespaced: false, name }, Path.of('metadata')),
  ]
  if (group === '' && version !== 'v1') {
    const detail = 'only v1 may have an empty group and it better be legacy kube'
    errors.push(required(path.child('group'), detail))
  }
  if (group !== '')
    for (const problem of isDNS1123Subdomain(group)) errors.push(invalidValue(path.child('group'), group, problem))
  for (const problem of isDNS1035Label(version)) errors.push(invalidValue(path.child('version'), version, problem))
  const priority = (field: string, value: number, max: number): void => {
    if (value <= 0 || value > max)
      errors.push(invalidValue(path.child(field), value, `must be positive and less than ${max}`))
  }
  priority('groupPriorityMinimum', groupPriorityMinimum, maxGroupPriority)
  priority('versionPriority', versionPriority, maxVersionPriority)
  return [...errors, ...backendErrors(spec, path)]
}

function backendErrors(spec: NonNullable<APIService['spec']>, path: Path): FieldError[] {
  const { service, caBundle = '', insecureSkipTLSVerify = false } = spec
  const errors: FieldError[] = []
  if (!service) {
    if (caBundle !== '') {
      const padding = caBundle.endsWith('==') ? 2 : caBundle.endsWith('=') ? 1 : 0
      const size = `${(caBundle.length / 4) * 3 - padding} bytes`
      errors.push(invalidValue(path.child('caBundle'), size, 'local APIServices may not have a caBundle'))
    }
    const detail = 'local APIServices may not have insecureSkipTLSVerify'
    if (insecureSkipTLSVerify) errors.push(invalidValue(path.child('insecureSkipTLSVerify'), true, detail))
    return errors
  }
  const at = path.child('service')
  if (!service.namespace) errors.push(required(at.child('namespace')))
  if (!service.name) errors.push(required(at.child('name')))
  const problems = isPortNumber(service.port ?? 0)
  if (problems.length > 0)
    errors.push(invalidValue(at.child('port'), service.port ?? 0, `port is not valid: ${problems.join(', ')}`))
  if (insecureSkipTLSVerify && caBundle !== '')
    errors.push(invalidValue(path.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present'))
  return errors
}

/** Conditions hold, do not hold, or are unknown. */
export function validateStatus({ status }: APIService): FieldError[] {
  const path = Path.of('status', 'conditions')
  const known = ['True', 'False', 'Unknown']
  return (status?.conditions ?? []).flatMap((condition, index) =>
    known.includes(condition.status) ? [] : [notSupported(path.index(index).child('status'), condition.status, known)],
  )
}
