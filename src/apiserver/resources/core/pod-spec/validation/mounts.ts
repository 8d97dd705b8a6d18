import type { Volume, VolumeDevice, VolumeMount } from '#api/core/v1'
import { fieldForbidden, fieldNotFound, invalidValue, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { AnyContainer } from '../visit.ts'
import { validateLocalDescendingPath, validateNoBacksteps } from './paths.ts'

/** The volumes of a pod that have no faults, by name. */
export type Volumes = ReadonlyMap<string, Volume>

export function validateMounts(container: AnyContainer, volumes: Volumes, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const devices = new Map((container.volumeDevices ?? []).map(({ name, devicePath }) => [name, devicePath]))
  const devicePaths = new Set(devices.values())
  const taken = new Set<string>()
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const { name, mountPath, subPath = '', subPathExpr = '' } = mount
    const at = path.index(index)
    if (name === '') errors.push(required(at.child('name')))
    if (!volumes.has(name)) errors.push(fieldNotFound(at.child('name'), name))
    if (mountPath === '') errors.push(required(at.child('mountPath')))
    if (taken.has(mountPath)) errors.push(invalidValue(at.child('mountPath'), mountPath, 'must be unique'))
    taken.add(mountPath)
    if (devices.has(name)) errors.push(invalidValue(at.child('name'), name, 'must not already exist in volumeDevices'))
    if (devicePaths.has(mountPath)) {
      const why = 'must not already exist as a path in volumeDevices'
      errors.push(invalidValue(at.child('mountPath'), mountPath, why))
    }
    if (subPath !== '') errors.push(...validateLocalDescendingPath(subPath, path.child('subPath')))
    if (subPathExpr !== '') {
      if (subPath !== '') {
        const why = 'subPathExpr and subPath are mutually exclusive'
        errors.push(invalidValue(at.child('subPathExpr'), subPathExpr, why))
      }
      errors.push(...validateLocalDescendingPath(subPathExpr, path.child('subPathExpr')))
    }
    errors.push(...validatePropagation(mount, container, path.child('mountPropagation')))
    errors.push(...validateRecursiveReadOnly(mount, path.child('recursiveReadOnly')))
  }
  return errors
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']

function validatePropagation({ mountPropagation }: VolumeMount, container: AnyContainer, at: Path): FieldError[] {
  if (mountPropagation === undefined) return []
  if (!propagations.includes(mountPropagation)) return [notSupported(at, mountPropagation, propagations)]
  if (mountPropagation !== 'Bidirectional' || container.securityContext?.privileged === true) return []
  return [fieldForbidden(at, 'Bidirectional mount propagation is available only to privileged containers')]
}

function validateRecursiveReadOnly(
  { recursiveReadOnly, readOnly, mountPropagation = 'None' }: VolumeMount,
  at: Path,
): FieldError[] {
  switch (recursiveReadOnly) {
    case undefined:
    case 'Disabled':
      return []
    case 'Enabled':
    case 'IfPossible': {
      const errors: FieldError[] = []
      if (readOnly !== true) errors.push(fieldForbidden(at, 'may only be specified when readOnly is true'))
      if (mountPropagation !== 'None')
        errors.push(fieldForbidden(at, 'may only be specified when mountPropagation is None or not specified'))
      return errors
    }
    default:
      return [notSupported(at, recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible'])]
  }
}

export function validateDevices(container: AnyContainer, volumes: Volumes, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const mounts = new Map((container.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]))
  const mountPaths = new Set(mounts.values())
  const names = new Set<string>()
  const paths = new Set<string>()
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    const at = path.index(index)
    errors.push(...validateDevice(device, volumes, names, paths, at))
    const { name, devicePath } = device
    if (mounts.has(name)) errors.push(invalidValue(at.child('name'), name, 'must not already exist in volumeMounts'))
    if (mountPaths.has(devicePath)) {
      const why = 'must not already exist as a path in volumeMounts'
      errors.push(invalidValue(at.child('devicePath'), devicePath, why))
    }
    if (name !== '') names.add(name)
  }
  return errors
}

function validateDevice(
  { name, devicePath }: VolumeDevice,
  volumes: Volumes,
  names: ReadonlySet<string>,
  paths: Set<string>,
  at: Path,
): FieldError[] {
  const errors: FieldError[] = []
  const volume = volumes.get(name)
  if (name === '') errors.push(required(at.child('name')))
  if (names.has(name)) errors.push(invalidValue(at.child('name'), name, 'must be unique'))
  if (!volume) errors.push(fieldNotFound(at.child('name'), name))
  else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
    const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
    errors.push(invalidValue(at.child('name'), name, why))
  }
  const field = at.child('devicePath')
  if (devicePath === '') errors.push(required(field))
  if (paths.has(devicePath)) errors.push(invalidValue(field, devicePath, 'must be unique'))
  if (devicePath !== '' && validateNoBacksteps(devicePath, at).length > 0)
    errors.push(invalidValue(field, devicePath, "can not contain backsteps ('..')"))
  else paths.add(devicePath)
  return errors
}
