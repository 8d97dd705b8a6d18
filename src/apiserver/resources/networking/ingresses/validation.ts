import type { TypedLocalObjectReference } from '#api/core/v1'
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressSpec, IngressTLS } from '#api/networking/v1'
import {
  invalidValue,
  isDNS1123Subdomain,
  isPathSegmentName,
  isPortName,
  isPortNumber,
  isWildcardDNS1123Subdomain,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  notSupported,
  parseIP,
  Path,
  required,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

/** Named the class of an ingress before it had a field for it. */
export const classAnnotation = 'kubernetes.io/ingress.class'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

/** What an ingress that stands may keep. */
interface Leniency {
  readonly secretNames: boolean
  readonly wildcardRules: boolean
}

const strict: Leniency = { secretNames: false, wildcardRules: false }

export function validateIngress(ingress: Ingress): readonly FieldError[] {
  const errors = [...validate(ingress, strict)]
  const annotated = ingress.metadata.annotations?.[classAnnotation]
  const { ingressClassName } = ingress.spec
  if (annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) {
    const why = 'must match `ingressClassName` when both are specified'
    errors.push(invalidValue(Path.of('annotations', classAnnotation), annotated, why))
  }
  return errors
}

export function validateIngressUpdate(ingress: Ingress, old: Ingress): readonly FieldError[] {
  const lenient = {
    secretNames: (old.spec.tls ?? []).some(({ secretName }) => secretProblems(secretName).length > 0),
    wildcardRules: (old.spec.rules ?? []).some(
      (rule) => (rule.host ?? '').includes('*') && validateRuleValue(rule, spec).length > 0,
    ),
  }
  return [...validateObjectMetaUpdate(ingress.metadata, old.metadata, metadata), ...validate(ingress, lenient)]
}

function validate(ingress: Ingress, lenient: Leniency): readonly FieldError[] {
  return [
    ...validateObjectMeta(ingress.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(ingress.spec, lenient),
  ]
}

function validateSpec(wanted: IngressSpec, lenient: Leniency): readonly FieldError[] {
  const { defaultBackend, rules = [], tls = [], ingressClassName } = wanted
  const errors: FieldError[] = []
  if (rules.length === 0 && !defaultBackend)
    errors.push(invalidValue(spec, wanted.rules, 'either `defaultBackend` or `rules` must be specified'))
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, spec.child('defaultBackend')))
  for (const [index, rule] of rules.entries())
    errors.push(...validateRule(rule, spec.child('rules').index(index), lenient))
  for (const [index, one] of tls.entries()) errors.push(...validateTLS(one, spec.child('tls').index(index), lenient))
  if (ingressClassName !== undefined) {
    for (const problem of nameIsDNSSubdomain(ingressClassName, false))
      errors.push(invalidValue(spec.child('ingressClassName'), ingressClassName, problem))
  }
  return errors
}

const hostProblems = (host: string): readonly string[] =>
  host.includes('*') ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host)

const secretProblems = (name: string | undefined): readonly string[] => (name ? nameIsDNSSubdomain(name, false) : [])

function validateTLS({ hosts, secretName }: IngressTLS, at: Path, lenient: Leniency): readonly FieldError[] {
  return [
    ...(hosts ?? []).flatMap((host, index) =>
      hostProblems(host).map((problem) => invalidValue(at.child('hosts').index(index), host, problem)),
    ),
    ...(lenient.secretNames ? [] : secretProblems(secretName)).map((problem) =>
      invalidValue(at.child('secretName'), secretName, problem),
    ),
  ]
}

function validateRule(rule: IngressRule, at: Path, lenient: Leniency): readonly FieldError[] {
  const { host = '' } = rule
  const path = at.child('host')
  const errors: FieldError[] = []
  if (host !== '') {
    if (parseIP(host)) errors.push(invalidValue(path, host, 'must be a DNS name, not an IP address'))
    for (const problem of hostProblems(host)) errors.push(invalidValue(path, host, problem))
  }
  return lenient.wildcardRules && host.includes('*') ? errors : [...errors, ...validateRuleValue(rule, at)]
}

function validateRuleValue({ http }: IngressRule, at: Path): readonly FieldError[] {
  if (!http) return []
  const paths = http.paths ?? []
  const path = at.child('http', 'paths')
  if (paths.length === 0) return [required(path)]
  return paths.flatMap((one, index) => validatePath(one, path.index(index)))
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badEnds = ['/..', '/.']

function validatePath({ path = '', pathType, backend }: HTTPIngressPath, at: Path): readonly FieldError[] {
  const atPath = at.child('path')
  // Without a default it may well be absent.
  if ((pathType as string | null | undefined) === undefined || pathType === null)
    return [required(at.child('pathType'), 'pathType must be specified')]
  const errors: FieldError[] = []
  const absolute = path.startsWith('/')
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!absolute) errors.push(invalidValue(atPath, path, 'must be an absolute path'))
    for (const text of badSequences)
      if (path.includes(text)) errors.push(invalidValue(atPath, path, `must not contain '${text}'`))
    for (const text of badEnds)
      if (path.endsWith(text)) errors.push(invalidValue(atPath, path, `cannot end with '${text}'`))
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !absolute) errors.push(invalidValue(atPath, path, 'must be an absolute path'))
  } else errors.push(notSupported(at.child('pathType'), pathType, pathTypes))
  return [...errors, ...validateBackend(backend, at.child('backend'))]
}

function validateBackend({ resource, service }: IngressBackend, at: Path): readonly FieldError[] {
  if (resource && service) return [invalidValue(at, '', 'cannot set both resource and service backends')]
  if (resource) return validateReference(resource, at.child('resource'))
  if (!service) return [invalidValue(at, '', 'resource or service backend is required')]
  const atName = at.child('service', 'name')
  const errors = service.name === '' ? [required(atName)] : []
  if (service.name !== '') {
    for (const problem of nameIsDNSLabel(service.name, false)) errors.push(invalidValue(atName, service.name, problem))
  }
  const { name = '', number = 0 } = service.port ?? {}
  const atPort = at.child('service', 'port')
  if (name !== '' && number !== 0) errors.push(invalidValue(at, '', 'cannot set both port name & port number'))
  else if (name !== '')
    for (const problem of isPortName(name)) errors.push(invalidValue(atPort.child('name'), name, problem))
  else if (number !== 0)
    for (const problem of isPortNumber(number)) errors.push(invalidValue(atPort.child('number'), number, problem))
  else errors.push(required(at, 'port name or number is required'))
  return errors
}

/** A reference to an object of the same namespace. */
function validateReference(reference: TypedLocalObjectReference, at: Path): readonly FieldError[] {
  const { kind, name } = reference
  // A group that is not given stands as null.
  const apiGroup: string | null | undefined = reference.apiGroup
  const errors: FieldError[] = []
  if (apiGroup !== undefined && apiGroup !== null) {
    for (const problem of isDNS1123Subdomain(apiGroup))
      errors.push(invalidValue(at.child('apiGroup'), apiGroup, problem))
  }
  return [...errors, ...validateSegment(kind, at.child('kind')), ...validateSegment(name, at.child('name'))]
}

/** A name that is there and can be a segment of a path. */
export function validateSegment(value: string, at: Path): readonly FieldError[] {
  if (value === '') return [required(at)]
  return isPathSegmentName(value).map((problem) => invalidValue(at, value, problem))
}
