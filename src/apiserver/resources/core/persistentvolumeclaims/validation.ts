import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, TypedObjectReference } from '#api/core/v1'
import { semanticEqual } from '#base'
import {
  invalidValue,
  isQualifiedName,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  Quantity,
  required,
  validateLabelSelector,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'
import { validateDNSSubdomain, validateOneOf } from '../checks.ts'
import { validateAccessModes, volumeModes } from '../persistentvolumes/access-modes.ts'
import { isNative, validateAmount, validatePositiveQuantity } from '../resource-names.ts'

const metadata = Path.of('metadata')
const resizeStates = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
]

/** What an object may keep of what rules refuse that came after it. */
export interface ClaimSpecRules {
  readonly allowInvalidLabelValues: boolean
  readonly allowInvalidGroups: boolean
}

export const strictClaimSpec: ClaimSpecRules = { allowInvalidLabelValues: false, allowInvalidGroups: false }

/** The rules for a spec that takes the place of `old`. */
export function rulesForClaimSpec(old: PersistentVolumeClaimSpec | undefined): ClaimSpecRules {
  if (!old) return strictClaimSpec
  const groups = [old.dataSource?.apiGroup, old.dataSourceRef?.apiGroup]
  return {
    allowInvalidLabelValues: old.selector !== undefined && validateLabelSelector(old.selector, metadata).length > 0,
    allowInvalidGroups: groups.some((group) => group !== undefined && group !== null),
  }
}

export function validateClaim(
  { metadata: meta, spec }: PersistentVolumeClaim,
  rules: ClaimSpecRules,
): readonly FieldError[] {
  return [
    ...validateObjectMeta(meta, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateClaimSpec(spec, rules, Path.of('spec')),
  ]
}

export function validateClaimSpec(
  spec: PersistentVolumeClaimSpec,
  { allowInvalidLabelValues, allowInvalidGroups }: ClaimSpecRules,
  path: Path,
): readonly FieldError[] {
  const { accessModes, selector, storageClassName, volumeMode, dataSource, dataSourceRef } = spec
  const { volumeAttributesClassName } = spec
  const storage = spec.resources?.requests?.['storage']
  const storagePath = path.child('resources').key('storage')
  const errors: FieldError[] = []
  if (!accessModes?.length) errors.push(required(path.child('accessModes'), 'at least 1 access mode is required'))
  if (selector)
    errors.push(
      ...validateLabelSelector(selector, path.child('selector'), { allowInvalidValues: allowInvalidLabelValues }),
    )
  errors.push(...validateAccessModes(accessModes ?? [], path.child('accessModes')))
  if (storage === undefined) errors.push(required(storagePath))
  else {
    const problems = validatePositiveQuantity(storage, storagePath)
    errors.push(...(problems.length > 0 ? problems : validateAmount('storage', storage, storagePath)))
  }
  if (storageClassName) errors.push(...validateDNSSubdomain(storageClassName, path.child('storageClassName')))
  if (volumeMode !== undefined) errors.push(...validateOneOf(volumeMode, volumeModes, path.child('volumeMode')))
  if (dataSource) errors.push(...validateSource(dataSource, allowInvalidGroups, path.child('dataSource')))
  if (dataSourceRef) errors.push(...validateSource(dataSourceRef, allowInvalidGroups, path.child('dataSourceRef')))
  errors.push(...validateSourcesAgree(spec, path))
  if (volumeAttributesClassName)
    errors.push(...validateDNSSubdomain(volumeAttributesClassName, path.child('volumeAttributesClassName')))
  return errors
}

function validateSource(source: TypedObjectReference, allowInvalidGroups: boolean, path: Path): readonly FieldError[] {
  const { kind, name } = source
  const apiGroup = source.apiGroup ?? ''
  const namespace = source.namespace ?? ''
  const errors: FieldError[] = []
  if (!name) errors.push(required(path.child('name')))
  if (!kind) errors.push(required(path.child('kind')))
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim')
    errors.push(invalidValue(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  if (apiGroup !== '' && !allowInvalidGroups) errors.push(...validateDNSSubdomain(apiGroup, path.child('apiGroup')))
  const problems = namespace === '' ? [] : nameIsDNSLabel(namespace, false)
  return [...errors, ...problems.map((problem) => invalidValue(path.child('namespace'), namespace, problem))]
}

function validateSourcesAgree(
  { dataSource, dataSourceRef }: PersistentVolumeClaimSpec,
  path: Path,
): readonly FieldError[] {
  if (!dataSource || !dataSourceRef) return []
  const refused = (why: string): readonly FieldError[] => [invalidValue(path, shownPath, why)]
  if (dataSourceRef.namespace) return refused('may not be specified when dataSourceRef.namespace is specified')
  const { namespace: _, ...ref } = dataSourceRef
  return semanticEqual(dataSource, ref) ? [] : refused('must match dataSourceRef')
}

/** Messages print the path that they mean, whose parts are not for others to see. */
const shownPath = {}

export function validateClaimStatusUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const { metadata: meta, spec, status = {} } = claim
  const path = Path.of('status')
  const errors: FieldError[] = [...validateObjectMetaUpdate(meta, old.metadata, metadata)]
  if (!meta.resourceVersion) errors.push(required('resourceVersion'))
  if (!spec.accessModes?.length) errors.push(required('Spec.accessModes'))
  for (const [name, amount] of Object.entries(status.capacity ?? {}))
    errors.push(...validateNotNegative(amount, path.child('capacity').key(name)))
  const states = path.child('allocatedResourceStatuses')
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    errors.push(...validateClaimResource(name, states))
    if (!resizeStates.includes(state)) errors.push(notSupported(states, name, resizeStates))
  }
  const allocated = path.child('allocatedResources')
  for (const [name, amount] of Object.entries(status.allocatedResources ?? {})) {
    const problems = validateClaimResource(name, allocated)
    const at = allocated.key(name)
    const negative = validateNotNegative(amount, at)
    if (problems.length > 0) errors.push(...problems)
    else errors.push(...(negative.length > 0 ? negative : validateAmount('storage', amount, at)))
  }
  return errors
}

function validateNotNegative(amount: string, path: Path): readonly FieldError[] {
  const value = Quantity.parse(amount).value()
  return value < 0 ? [invalidValue(path, value, 'must be a valid resource quantity')] : []
}

/** Of the resources with names of Kubernetes' own, claims have storage alone. */
function validateClaimResource(name: string, path: Path): readonly FieldError[] {
  const problems = isQualifiedName(name)
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, name, problem))
  return isNative(name) && name !== 'storage' ? [notSupported(path, name, ['storage'])] : []
}
