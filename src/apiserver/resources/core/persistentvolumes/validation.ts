import type { PersistentVolume, PersistentVolumeSpec } from '#api/core/v1'
import { semanticEqual } from '#base'
import {
  fieldForbidden,
  invalidValue,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  Quantity,
  required,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'
import { validateDNSSubdomain, validateOneOf } from '../checks.ts'
import { validatePositiveQuantity } from '../resource-names.ts'
import { validateAccessModes, volumeModes } from './access-modes.ts'
import { hasInvalidValues, sameButForZoneLabels, shownAffinity, validateVolumeNodeAffinity } from './node-affinity.ts'
import { sourceDiff, sourceOf } from './source-diff.ts'
import { validateSources } from './sources.ts'

const metadata = Path.of('metadata')
const specPath = Path.of('spec')
const reclaimPolicies = ['Delete', 'Recycle', 'Retain']
const mountOptions = 'volume.beta.kubernetes.io/mount-options'
const mountable: readonly (keyof PersistentVolumeSpec)[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
]

export function validatePersistentVolume(
  volume: PersistentVolume,
  old: PersistentVolume | undefined,
): readonly FieldError[] {
  return [...validateVolume(volume, old), ...validateMountOptions(volume)]
}

function validateVolume({ metadata: meta, spec }: PersistentVolume, old: PersistentVolume | undefined): FieldError[] {
  return [
    ...validateObjectMeta(meta, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validatePersistentVolumeSpec(spec, meta.name ?? '', specPath, {
      inline: false,
      allowInvalidValues: hasInvalidValues(old?.spec.nodeAffinity?.required),
    }),
  ]
}

/** Where a spec stands: `inline` in an attachment, or by itself. */
export interface VolumeSpecRules {
  readonly inline: boolean
  readonly allowInvalidValues: boolean
}

export function validatePersistentVolumeSpec(
  spec: PersistentVolumeSpec,
  volume: string,
  path: Path,
  { inline, allowInvalidValues }: VolumeSpecRules,
): readonly FieldError[] {
  const { accessModes, nodeAffinity, storageClassName = '', volumeMode } = spec
  const errors: FieldError[] = inline ? validateInline(spec, path) : []
  if (!accessModes?.length) errors.push(required(path.child('accessModes')))
  errors.push(...validateAccessModes(accessModes ?? [], path.child('accessModes')))
  if (!inline) errors.push(...validateCapacity(spec.capacity, path.child('capacity')))
  errors.push(...validateReclaimPolicy(spec.persistentVolumeReclaimPolicy ?? '', inline, path))
  if (nodeAffinity) {
    const at = path.child('nodeAffinity')
    errors.push(...(inline ? [notInline(at)] : validateVolumeNodeAffinity(nodeAffinity, allowInvalidValues, at)))
  }
  errors.push(...validateSources(spec, volume, !inline && nodeAffinity !== undefined, path))
  if (isRoot(spec.hostPath?.path) && spec.persistentVolumeReclaimPolicy === 'Recycle')
    errors.push(
      fieldForbidden(path.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'"),
    )
  if (storageClassName !== '') {
    const at = path.child('storageClassName')
    errors.push(...(inline ? [notInline(at)] : validateDNSSubdomain(storageClassName, at)))
  }
  if (volumeMode !== undefined) {
    const at = path.child('volumeMode')
    const why = 'may not specify volumeMode other than Filesystem in the context of inline volumes'
    if (!inline) errors.push(...validateOneOf(volumeMode, volumeModes, at))
    else if (volumeMode !== 'Filesystem') errors.push(fieldForbidden(at, why))
  }
  return inline ? errors : [...errors, ...validateAttributesClass(spec, path)]
}

const notInline = (at: Path): FieldError => fieldForbidden(at, 'may not be specified in the context of inline volumes')

function validateInline(spec: PersistentVolumeSpec, path: Path): FieldError[] {
  const errors: FieldError[] = []
  if (spec.claimRef) errors.push(notInline(path.child('claimRef')))
  if (Object.keys(spec.capacity ?? {}).length > 0) errors.push(notInline(path.child('capacity')))
  if (!spec.csi) errors.push(required(path.child('csi'), 'has to be specified in the context of inline volumes'))
  return errors
}

function validateCapacity(
  capacity: { readonly [name: string]: string } | undefined,
  path: Path,
): readonly FieldError[] {
  const names = Object.keys(capacity ?? {})
  const errors: FieldError[] = []
  if (names.length === 0) errors.push(required(path))
  if (capacity?.['storage'] === undefined || names.length > 1) errors.push(notSupported(path, capacity, ['storage']))
  for (const [name, text] of Object.entries(capacity ?? {})) {
    const value = Quantity.parse(text).value()
    if (value < 0) errors.push(invalidValue(path.key(name), value, 'must be a valid resource quantity'))
    errors.push(...validatePositiveQuantity(text, path.key(name)))
  }
  return errors
}

function validateReclaimPolicy(policy: string, inline: boolean, path: Path): readonly FieldError[] {
  const at = path.child('persistentVolumeReclaimPolicy')
  if (policy === '') return []
  if (!inline) return validateOneOf(policy, reclaimPolicies, at)
  return policy === 'Retain' ? [] : [fieldForbidden(at, 'may only be Retain in the context of inline volumes')]
}

/** Whether a path, its dots resolved, is the root. */
function isRoot(path: string | undefined): boolean {
  if (!path?.startsWith('/')) return false
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return kept.length === 0
}

function validateAttributesClass(spec: PersistentVolumeSpec, path: Path): readonly FieldError[] {
  const { volumeAttributesClassName: name, csi } = spec
  if (name === undefined) return []
  const at = path.child('volumeAttributesClassName')
  return [
    ...(name === '' ? [required(at, 'an empty string is disallowed')] : validateDNSSubdomain(name, at)),
    ...(csi ? [] : [required(path.child('csi'), 'has to be specified when using volumeAttributesClassName')]),
  ]
}

function validateMountOptions({ metadata: meta, spec }: PersistentVolume): readonly FieldError[] {
  if (meta.annotations?.[mountOptions] === undefined) return []
  if (mountable.some((field) => spec[field] !== undefined)) return []
  const path = metadata.child('annotations', mountOptions)
  return [fieldForbidden(path, 'may not specify mount options for this volume type')]
}

export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): readonly FieldError[] {
  const errors: FieldError[] = validateVolume(volume, old)
  const source = sourceOf(withoutNewExpandSecret(volume, old))
  const before = sourceOf(old.spec)
  if (!semanticEqual(source, before)) {
    const why = `spec.persistentvolumesource is immutable after creation\n${sourceDiff(before, source)}`
    errors.push(fieldForbidden('spec.persistentvolumesource', why))
  }
  const { volumeMode, nodeAffinity, volumeAttributesClassName } = volume.spec
  if (volumeMode !== old.spec.volumeMode)
    errors.push(invalidValue('volumeMode', named(volumeMode), 'field is immutable'))
  if (old.spec.nodeAffinity && !sameButForZoneLabels(nodeAffinity, old.spec.nodeAffinity)) {
    const why = 'field is immutable, except for updating from beta label to GA'
    errors.push(invalidValue('nodeAffinity', shownAffinity(nodeAffinity), why))
  }
  if (old.spec.volumeAttributesClassName !== undefined && volumeAttributesClassName === undefined)
    errors.push(fieldForbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  return errors
}

/** A secret for expansion may be added later. */
function withoutNewExpandSecret({ spec }: PersistentVolume, old: PersistentVolume): PersistentVolumeSpec {
  if (!old.spec.csi || old.spec.csi.controllerExpandSecretRef || !spec.csi?.controllerExpandSecretRef) return spec
  const { controllerExpandSecretRef: _, ...csi } = spec.csi
  return { ...spec, csi }
}

export function validatePersistentVolumeStatusUpdate(
  volume: PersistentVolume,
  old: PersistentVolume,
): readonly FieldError[] {
  const errors = validateObjectMetaUpdate(volume.metadata, old.metadata, metadata)
  return volume.metadata.resourceVersion ? errors : [...errors, required('resourceVersion')]
}
