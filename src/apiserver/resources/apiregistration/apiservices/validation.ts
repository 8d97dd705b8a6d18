import type { APIService, APIServiceSpec, ServiceReference } from '#api/apiregistration/v1'
import {
  base64Size,
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
  validateObjectMetaUpdate,
} from '#machinery'
import type { FieldError } from '#machinery'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const maxGroupPriority = 20_000
const maxVersionPriority = 1000
const statuses = ['True', 'False', 'Unknown']

export function validateAPIService(service: APIService): readonly FieldError[] {
  const wanted = service.spec ?? { groupPriorityMinimum: 0, versionPriority: 0 }
  const { group = '', version = '', groupPriorityMinimum, versionPriority } = wanted
  const errors = [
    ...validateObjectMeta(service.metadata, { namespaced: false, name: nameOf(`${version}.${group}`) }, metadata),
  ]
  if (group === '' && version !== 'v1')
    errors.push(required(spec.child('group'), 'only v1 may have an empty group and it better be legacy kube'))
  if (group !== '') {
    for (const problem of isDNS1123Subdomain(group)) errors.push(invalidValue(spec.child('group'), group, problem))
  }
  for (const problem of isDNS1035Label(version)) errors.push(invalidValue(spec.child('version'), version, problem))
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > maxGroupPriority) {
    const why = 'must be positive and less than 20000'
    errors.push(invalidValue(spec.child('groupPriorityMinimum'), groupPriorityMinimum, why))
  }
  if (versionPriority <= 0 || versionPriority > maxVersionPriority)
    errors.push(invalidValue(spec.child('versionPriority'), versionPriority, 'must be positive and less than 1000'))
  return [...errors, ...(wanted.service ? validateRemote(wanted, wanted.service) : validateLocal(wanted))]
}

/** The name of the object is made of version and group. */
function nameOf(wanted: string): (name: string) => readonly string[] {
  return (name) => {
    const problems = isPathSegmentName(name)
    if (problems.length > 0 || name === wanted) return problems
    return [`must be \`spec.version+"."+spec.group\`: ${quote(wanted)}`]
  }
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify = false }: APIServiceSpec): readonly FieldError[] {
  const errors: FieldError[] = []
  if (caBundle !== '') {
    const shown = `${base64Size(caBundle)} bytes`
    errors.push(invalidValue(spec.child('caBundle'), shown, 'local APIServices may not have a caBundle'))
  }
  if (insecureSkipTLSVerify) {
    const why = 'local APIServices may not have insecureSkipTLSVerify'
    errors.push(invalidValue(spec.child('insecureSkipTLSVerify'), insecureSkipTLSVerify, why))
  }
  return errors
}

function validateRemote(
  { caBundle = '', insecureSkipTLSVerify = false }: APIServiceSpec,
  { namespace = '', name = '', port = 0 }: ServiceReference,
): readonly FieldError[] {
  const at = spec.child('service')
  const errors: FieldError[] = []
  if (namespace === '') errors.push(required(at.child('namespace')))
  if (name === '') errors.push(required(at.child('name')))
  const problems = isPortNumber(port)
  if (problems.length > 0)
    errors.push(invalidValue(at.child('port'), port, `port is not valid: ${problems.join(', ')}`))
  if (insecureSkipTLSVerify && caBundle !== '') {
    const why = 'may not be true if caBundle is present'
    errors.push(invalidValue(spec.child('insecureSkipTLSVerify'), insecureSkipTLSVerify, why))
  }
  return errors
}

export function validateAPIServiceUpdate(service: APIService, old: APIService): readonly FieldError[] {
  return [...validateObjectMetaUpdate(service.metadata, old.metadata, metadata), ...validateAPIService(service)]
}

export function validateAPIServiceStatus(service: APIService, old: APIService): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(service.metadata, old.metadata, metadata),
    ...(service.status?.conditions ?? []).flatMap(({ status }, index) =>
      statuses.includes(status)
        ? []
        : [notSupported(Path.of('status', 'conditions').index(index).child('status'), status, statuses)],
    ),
  ]
}
