import type {
  EphemeralVolumeSource,
  PersistentVolumeClaimSpec,
  TypedLocalObjectReference,
  TypedObjectReference,
} from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import {
  fieldForbidden,
  invalidValue,
  isDNS1123Subdomain,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  notSupported,
  Quantity,
  required,
  validateAnnotations,
  validateLabels,
  validateLabelSelector,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateResourceQuantity } from '../resources.ts'
import { missing } from './missing.ts'

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const volumeModes = ['Block', 'Filesystem']

export function validateEphemeral({ volumeClaimTemplate: template }: EphemeralVolumeSource, path: Path): FieldError[] {
  const at = path.child('volumeClaimTemplate')
  if (!template) return [required(at)]
  return [
    ...validateTemplateMeta(template.metadata ?? {}, at.child('metadata')),
    ...validateClaimSpec(template.spec, at.child('spec')),
  ]
}

/** What is made from a template takes labels and annotations from it, and nothing else. */
function validateTemplateMeta(meta: ObjectMeta, path: Path): FieldError[] {
  const errors = [
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateLabels(meta.labels, path.child('labels')),
  ]
  const { annotations: _, labels: __, ...others } = meta
  for (const field of Object.keys(others)) errors.push(fieldForbidden(path.child(field), 'cannot be set'))
  return errors
}

/** What may be looser than the rules, for the sake of claims that exist. */
export interface ClaimRules {
  readonly allowInvalidLabelValueInSelector?: boolean
  readonly allowInvalidAPIGroup?: boolean
}

/** Rules for the spec of a persistent volume claim. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: Path, rules: ClaimRules = {}): FieldError[] {
  const { accessModes: modes = [], dataSource, dataSourceRef } = spec
  const errors: FieldError[] = []
  if (modes.length === 0) errors.push(required(path.child('accessModes'), 'at least 1 access mode is required'))
  const allowInvalidValues = rules.allowInvalidLabelValueInSelector === true
  errors.push(...validateLabelSelector(spec.selector, path.child('selector'), { allowInvalidValues }))
  errors.push(...validateAccessModes(modes, path.child('accessModes')))
  errors.push(...validateStorage(spec.resources?.requests?.['storage'], path.child('resources').key('storage')))
  errors.push(...validateClassName(spec.storageClassName, path.child('storageClassName')))
  const { volumeMode } = spec
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode))
    errors.push(notSupported(path.child('volumeMode'), volumeMode, volumeModes))
  const allowGroup = rules.allowInvalidAPIGroup === true
  if (dataSource) errors.push(...validateSource(dataSource, path.child('dataSource'), allowGroup))
  if (dataSourceRef) errors.push(...validateSourceRef(dataSourceRef, path.child('dataSourceRef'), allowGroup))
  if (dataSource && dataSourceRef) {
    const shown = {}
    if (dataSourceRef.namespace) {
      const why = 'may not be specified when dataSourceRef.namespace is specified'
      errors.push(invalidValue(path, shown, why))
    } else if (!sameSource(dataSource, dataSourceRef))
      errors.push(invalidValue(path, shown, 'must match dataSourceRef'))
  }
  return [...errors, ...validateClassName(spec.volumeAttributesClassName, path.child('volumeAttributesClassName'))]
}

function validateAccessModes(modes: readonly string[], at: Path): FieldError[] {
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(at, mode, accessModes))
  const known = modes.filter((mode) => accessModes.includes(mode))
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(fieldForbidden(at, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}

function validateStorage(amount: string | undefined, at: Path): FieldError[] {
  if (amount === undefined) return [required(at)]
  if (Quantity.parse(amount).sign() <= 0) return [invalidValue(at, amount, 'must be greater than zero')]
  return validateResourceQuantity('storage', amount, at)
}

function validateClassName(name = '', at: Path): FieldError[] {
  return name === '' ? [] : nameIsDNSSubdomain(name, false).map((problem) => invalidValue(at, name, problem))
}

function validateSource(source: TypedLocalObjectReference, path: Path, allowInvalidGroup: boolean): FieldError[] {
  const { name, kind, apiGroup = '' } = source
  const errors = missing({ name, kind }, path)
  if (apiGroup === '') {
    if (kind !== 'PersistentVolumeClaim') {
      const why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
      errors.push(invalidValue(path, kind, why))
    }
  } else if (!allowInvalidGroup) {
    for (const problem of isDNS1123Subdomain(apiGroup))
      errors.push(invalidValue(path.child('apiGroup'), apiGroup, problem))
  }
  return errors
}

function validateSourceRef(source: TypedObjectReference, path: Path, allowInvalidGroup: boolean): FieldError[] {
  const { namespace = '' } = source
  const errors = validateSource(source, path, allowInvalidGroup)
  if (namespace === '') return errors
  for (const problem of nameIsDNSLabel(namespace, false))
    errors.push(invalidValue(path.child('namespace'), namespace, problem))
  return errors
}

const sameSource = (source: TypedLocalObjectReference, reference: TypedObjectReference): boolean =>
  source.apiGroup === reference.apiGroup && source.kind === reference.kind && source.name === reference.name
