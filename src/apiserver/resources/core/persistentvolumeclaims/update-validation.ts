import type { Draft } from '#api'
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '#api/core/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, invalidValue, Path, Quantity, named } from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMetaUpdate } from '../../metadata.ts'
import { storageClassAnnotation } from '../persistentvolumes/registration.ts'
import { diffForms } from '../pod-spec/internal-form/diff.ts'
import { rulesForClaimSpec, validateClaim } from './validation.ts'

const metadata = Path.of('metadata')
const storagePath = 'spec.resources.requests.storage'
const classPath = 'spec.volumeAttributesClassName'

/** `old` has the sources of its data aligned. */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly FieldError[] {
  const { spec } = claim
  const errors: FieldError[] = [
    ...validateObjectMetaUpdate(claim.metadata, old.metadata, metadata),
    ...validateClaim(claim, rulesForClaimSpec(old.spec)),
  ]
  const upgraded = movesClassFromAnnotation(claim, old)
  const annotation = claim.metadata.annotations?.[storageClassAnnotation] ?? ''
  if (!upgraded && annotation !== (old.metadata.annotations?.[storageClassAnnotation] ?? ''))
    errors.push(invalidValue(metadata.child('annotations', storageClassAnnotation), annotation, 'field is immutable'))
  const compared = comparableSpec(claim, old, upgraded)
  const before = withVolumeName(old.spec, claim)
  if (!semanticEqual(compared, before)) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
    errors.push(fieldForbidden('spec', `${why}\n${diffForms('PersistentVolumeClaimSpec', before, compared)}`))
  }
  errors.push(...validateSize(claim, old))
  if (spec.volumeMode !== old.spec.volumeMode)
    errors.push(invalidValue('volumeMode', named(spec.volumeMode), 'field is immutable'))
  return [...errors, ...validateAttributesClass(claim, old)]
}

/** The name of the storage class moves from the annotation, where it was, to the field. */
function movesClassFromAnnotation(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const was = old.metadata.annotations?.[storageClassAnnotation]
  const is = claim.metadata.annotations?.[storageClassAnnotation] ?? was
  return (
    was !== undefined && old.spec.storageClassName === undefined && claim.spec.storageClassName === was && is === was
  )
}

/** The new spec, with what may change put back. */
function comparableSpec(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  upgraded: boolean,
): PersistentVolumeClaimSpec {
  const spec: Draft<PersistentVolumeClaimSpec> = { ...claim.spec } as Draft<PersistentVolumeClaimSpec>
  const was = old.metadata.annotations?.[storageClassAnnotation]
  const named =
    spec.storageClassName !== undefined &&
    old.spec.storageClassName === undefined &&
    (was === undefined || spec.storageClassName === was)
  if (upgraded || named) delete spec.storageClassName
  if (claim.status?.phase !== 'Bound') return spec
  const storage = old.spec.resources?.requests?.['storage'] ?? '0'
  if (spec.resources?.requests)
    spec.resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } }
  if (old.spec.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName
  else spec.volumeAttributesClassName = old.spec.volumeAttributesClassName
  return spec
}

/** A claim gets its volume once. */
function withVolumeName(old: PersistentVolumeClaimSpec, { spec }: PersistentVolumeClaim): PersistentVolumeClaimSpec {
  if (old.volumeName || !spec.volumeName) return old
  return { ...old, volumeName: spec.volumeName }
}

/** A claim that could not be expanded may ask for less again, but for more than it has. */
function validateSize(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly FieldError[] {
  const size = (amount: string | undefined): Quantity => Quantity.parse(amount ?? '0')
  const wanted = size(claim.spec.resources?.requests?.['storage'])
  if (wanted.compare(size(old.spec.resources?.requests?.['storage'])) >= 0) return []
  if (wanted.compare(size(old.status?.capacity?.['storage'])) > 0) return []
  return [fieldForbidden(storagePath, 'field can not be less than status.capacity')]
}

function validateAttributesClass(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly FieldError[] {
  const name = claim.spec.volumeAttributesClassName
  if (name === old.spec.volumeAttributesClassName) return []
  if (old.status?.currentVolumeAttributesClassName === undefined || (name !== undefined && name !== '')) return []
  const what = name === undefined ? 'nil' : 'empty string'
  return [
    fieldForbidden(classPath, `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`),
  ]
}
