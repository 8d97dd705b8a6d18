import type {
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  HostPathVolumeSource,
  KeyToPath,
  SecretVolumeSource,
} from '#api/core/v1'
import { invalidValue, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateFieldRef, validateResourceFieldRef } from '../downward.ts'
import { validateLocalNonReservedPath, validateNoBacksteps } from '../paths.ts'
import { missing } from './missing.ts'

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

export function validateHostPath({ path: host, type = '' }: HostPathVolumeSource, path: Path): FieldError[] {
  if (host === '') return missing({ path: host }, path)
  const errors = [...validateNoBacksteps(host, path.child('path'))]
  if (!hostPathTypes.includes(type)) errors.push(notSupported(path.child('type'), type, hostPathTypes))
  return errors
}

/** File modes are three octal digits. */
export function validateMode(mode: number | undefined, at: Path): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return []
  return [invalidValue(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
}

export function validateKeyToPath({ key, path: file, mode }: KeyToPath, path: Path): FieldError[] {
  return [
    ...missing({ key, path: file }, path),
    ...validateLocalNonReservedPath(file, path.child('path')),
    ...validateMode(mode, path.child('mode')),
  ]
}

const validateItems = (items: readonly KeyToPath[] = [], path: Path): FieldError[] =>
  items.flatMap((item, index) => validateKeyToPath(item, path.child('items').index(index)))

export const validateSecret = ({ secretName, defaultMode, items }: SecretVolumeSource, path: Path): FieldError[] => [
  ...missing({ secretName }, path),
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...validateItems(items, path),
]

export const validateConfigMap = ({ name, defaultMode, items }: ConfigMapVolumeSource, path: Path): FieldError[] => [
  ...missing({ name }, path),
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...validateItems(items, path),
]

export const validateDownwardAPI = ({ defaultMode, items = [] }: DownwardAPIVolumeSource, path: Path): FieldError[] => [
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...items.flatMap((file) => validateDownwardFile(file, path)),
]

const fieldPaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

export function validateDownwardFile(file: DownwardAPIVolumeFile, path: Path): FieldError[] {
  const { fieldRef, resourceFieldRef } = file
  const errors = [...missing({ path: file.path }, path), ...validateLocalNonReservedPath(file.path, path.child('path'))]
  if (fieldRef) {
    errors.push(...validateFieldRef(fieldRef, fieldPaths, path.child('fieldRef')))
    if (resourceFieldRef) {
      const why = 'fieldRef and resourceFieldRef can not be specified simultaneously'
      errors.push(invalidValue(path, 'resource', why))
    }
  } else if (resourceFieldRef)
    errors.push(...validateResourceFieldRef(resourceFieldRef, path.child('resourceFieldRef'), true))
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  return [...errors, ...validateMode(file.mode, path.child('mode'))]
}
