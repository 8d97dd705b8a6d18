import type {
  CSIVolumeSource,
  FlexVolumeSource,
  GitRepoVolumeSource,
  ImageVolumeSource,
  PersistentVolumeClaimVolumeSource,
} from '#api/core/v1'
import { invalidValue, nameIsDNSSubdomain, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateCSIDriverName } from '../../../../storage/csi-driver-name.ts'
import type { PodValidationOptions } from '../../options.ts'
import { validateLocalDescendingPath } from '../paths.ts'
import { validatePullPolicy } from '../pull-policy.ts'
import { missing } from './missing.ts'

export const validateGitRepo = ({ repository, directory = '' }: GitRepoVolumeSource, path: Path): FieldError[] => [
  ...missing({ repository }, path),
  ...validateLocalDescendingPath(directory, path.child('directory')),
]

export const validatePersistentClaim = ({ claimName }: PersistentVolumeClaimVolumeSource, path: Path): FieldError[] =>
  missing({ claimName }, path)

export function validateFlex({ driver, options = {} }: FlexVolumeSource, path: Path): FieldError[] {
  const errors = missing({ driver }, path)
  for (const key of Object.keys(options)) {
    const [namespace = ''] = key.split('/')
    if (!/\.(?:kubernetes|k8s)\.io$/.test(`.${namespace.toLowerCase()}`)) continue
    const why = 'kubernetes.io and k8s.io namespaces are reserved'
    errors.push(invalidValue(path.child('options').key(key), key, why))
  }
  return errors
}

export function validateCSI({ driver, nodePublishSecretRef: secret }: CSIVolumeSource, path: Path): FieldError[] {
  const errors = [...validateCSIDriverName(driver, path.child('driver'))]
  if (!secret) return errors
  const { name = '' } = secret
  if (name === '') errors.push(required(path.child('nodePublishSecretRef', 'name')))
  else
    for (const problem of nameIsDNSSubdomain(name, false)) errors.push(invalidValue(path.child('name'), name, problem))
  return errors
}

export const validateImage = (
  { reference, pullPolicy }: ImageVolumeSource,
  path: Path,
  { isPod }: PodValidationOptions,
): FieldError[] => [
  ...(isPod ? missing({ reference }, path) : []),
  ...validatePullPolicy(pullPolicy, path.child('pullPolicy')),
]
