import type { IngressClass, IngressClassParametersReference, IngressClassSpec } from '#api/networking/v1'
import {
  byteLength,
  fieldForbidden,
  invalidValue,
  isDNS1123Subdomain,
  isDomainPrefixedPath,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  notSupportedText,
  Path,
  required,
  tooLong,
} from '#machinery'
import type { FieldError } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { immutable } from '../../common/values.ts'
import { validateSegment } from '../ingresses/validation.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const maxController = 250
const scopes = ['Cluster', 'Namespace']

export const ingressClassesRegistration: ResourceRegistration = {
  place: 'networking/v1',
  plural: 'ingressclasses',
  strategy: strategy<IngressClass>({
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate,
    validateUpdate: (ingressClass, old) => [
      ...validateObjectMetaUpdate(ingressClass.metadata, old.metadata, metadata),
      ...immutable(spec.child('controller'), ingressClass.spec.controller ?? '', old.spec.controller ?? ''),
      ...validate(ingressClass),
    ],
  }),
  defaults: defaults<IngressClass>(({ spec: { parameters } }) => {
    if (parameters) parameters.scope ??= 'Cluster'
  }),
  columns: tableColumns<IngressClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Controller', type: 'string' },
      { name: 'Parameters', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (ingressClass, now) => {
      const { name = '', annotations } = ingressClass.metadata
      const { controller = '', parameters } = ingressClass.spec
      const isDefault = annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'
      const shown = isDefault ? `${name} (default)` : name
      return { cells: [shown, controller, parameters ? referenceOf(parameters) : '<none>', ageOf(ingressClass, now)] }
    },
  ),
}

function referenceOf({ apiGroup, kind, name }: IngressClassParametersReference): string {
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`
}

function validate(ingressClass: IngressClass): readonly FieldError[] {
  return [
    ...validateObjectMeta(ingressClass.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(ingressClass.spec),
  ]
}

function validateSpec({ controller = '', parameters }: IngressClassSpec): readonly FieldError[] {
  const at = spec.child('controller')
  return [
    ...(byteLength(controller) > maxController ? [tooLong(at, maxController)] : []),
    ...isDomainPrefixedPath(at, controller),
    ...(parameters ? validateParameters(parameters, spec.child('parameters')) : []),
  ]
}

function validateParameters(parameters: IngressClassParametersReference, at: Path): readonly FieldError[] {
  const { apiGroup, kind, name, scope, namespace } = parameters
  const atNamespace = at.child('namespace')
  const errors: FieldError[] = []
  if (apiGroup !== undefined) {
    for (const problem of isDNS1123Subdomain(apiGroup))
      errors.push(invalidValue(at.child('apiGroup'), apiGroup, problem))
  }
  errors.push(...validateSegment(kind, at.child('kind')), ...validateSegment(name, at.child('name')))
  if (scope === undefined) return [...errors, required(at.child('scope'))]
  if (!scopes.includes(scope)) return [...errors, notSupportedText(at.child('scope'), scope, scopes)]
  if (scope === 'Cluster') {
    if (namespace !== undefined) errors.push(fieldForbidden(atNamespace, "`parameters.scope` is set to 'Cluster'"))
    return errors
  }
  if (namespace === undefined) return [...errors, required(atNamespace, "`parameters.scope` is set to 'Namespace'")]
  return [
    ...errors,
    ...nameIsDNSLabel(namespace, false).map((problem) => invalidValue(atNamespace, namespace, problem)),
  ]
}
