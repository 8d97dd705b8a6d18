import type {
  CephFSVolumeSource,
  CinderVolumeSource,
  FlockerVolumeSource,
  GlusterfsVolumeSource,
  LocalObjectReference,
  NFSVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
} from '#api/core/v1'
import { byteLength, invalidValue, isDNS1123Label, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { missing } from './missing.ts'

const longestTenant = 64

export function validateNFS({ server, path: directory }: NFSVolumeSource, path: Path): FieldError[] {
  const errors = missing({ server, path: directory }, path)
  if (!directory.startsWith('/')) errors.push(invalidValue(path.child('path'), directory, 'must be an absolute path'))
  return errors
}

export function validateQuobyte({ registry, tenant = '', volume }: QuobyteVolumeSource, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const at = path.child('registry')
  const why = 'must be a host:port pair or multiple pairs separated by commas'
  if (registry === '') errors.push(required(at, why))
  else if (byteLength(tenant) > longestTenant) {
    const tooLong = `must be a UUID and may not exceed a length of ${longestTenant} characters`
    errors.push(required(path.child('tenant'), tooLong))
  } else for (const pair of registry.split(',')) if (!isHostPort(pair)) errors.push(invalidValue(at, registry, why))
  return [...errors, ...missing({ volume }, path)]
}

/** `host:port`, a host with colons in brackets. */
const isHostPort = (text: string): boolean => /^(?:\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(text)

export const validateGlusterfs = ({ endpoints, path: volume }: GlusterfsVolumeSource, path: Path): FieldError[] =>
  missing({ endpoints, path: volume }, path)

export function validateFlocker(
  { datasetName: name = '', datasetUUID = '' }: FlockerVolumeSource,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = []
  if (name === '' && datasetUUID === '') errors.push(required(path, 'one of datasetName and datasetUUID is required'))
  if (name !== '' && datasetUUID !== '')
    errors.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
  if (name.includes('/')) errors.push(invalidValue(path.child('datasetName'), name, "must not contain '/'"))
  return errors
}

export const validateRBD = ({ monitors, image }: RBDVolumeSource, path: Path): FieldError[] =>
  missing({ monitors: monitors?.length, image }, path)

export const validateCephFS = ({ monitors }: CephFSVolumeSource, path: Path): FieldError[] =>
  missing({ monitors: monitors?.length }, path)

export const validateCinder = ({ volumeID, secretRef }: CinderVolumeSource, path: Path): FieldError[] => [
  ...missing({ volumeID }, path),
  ...validateSecretRef(secretRef, path),
]

export const validatePortworx = ({ volumeID }: PortworxVolumeSource, path: Path): FieldError[] =>
  missing({ volumeID }, path)

export const validateScaleIO = ({ gateway, system, volumeName }: ScaleIOVolumeSource, path: Path): FieldError[] =>
  missing({ gateway, system, volumeName }, path)

export function validateStorageOS(source: StorageOSVolumeSource, path: Path): FieldError[] {
  const { volumeName = '', volumeNamespace = '' } = source
  const label = (name: string, field: string): FieldError[] =>
    name === '' ? [] : isDNS1123Label(name).map((problem) => invalidValue(path.child(field), name, problem))
  return [
    ...missing({ volumeName }, path),
    ...label(volumeName, 'volumeName'),
    ...label(volumeNamespace, 'volumeNamespace'),
    ...validateSecretRef(source.secretRef, path),
  ]
}

const validateSecretRef = (reference: LocalObjectReference | undefined, path: Path): FieldError[] =>
  reference ? missing({ name: reference.name }, path.child('secretRef')) : []
