import type {
  ConfigMapKeySelector,
  EnvFromSource,
  EnvVar,
  FileKeySelector,
  PodSpec,
  SecretKeySelector,
} from '#api/core/v1'
import {
  fieldNotFound,
  invalidValue,
  isConfigMapKey,
  isDNS1123Label,
  isRelaxedEnvVarName,
  nameIsDNSSubdomain,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { containersWithPath } from '../visit.ts'
import { validateFieldRef, validateResourceFieldRef } from './downward.ts'
import { validateNoBacksteps } from './paths.ts'

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

export function validateEnv(variables: readonly EnvVar[] = [], path: Path): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, variable] of variables.entries()) {
    const at = path.index(index)
    if (variable.name === '') errors.push(required(at.child('name')))
    else {
      for (const problem of isRelaxedEnvVarName(variable.name))
        errors.push(invalidValue(at.child('name'), variable.name, problem))
    }
    errors.push(...validateValueFrom(variable, at.child('valueFrom')))
  }
  return errors
}

function validateValueFrom({ valueFrom, value = '' }: EnvVar, path: Path): FieldError[] {
  if (!valueFrom) return []
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom
  const errors: FieldError[] = []
  if (fieldRef) errors.push(...validateFieldRef(fieldRef, fieldPaths, path.child('fieldRef')))
  if (resourceFieldRef)
    errors.push(...validateResourceFieldRef(resourceFieldRef, path.child('resourceFieldRef'), false))
  if (configMapKeyRef) errors.push(...validateKeyRef(configMapKeyRef, path.child('configMapKeyRef')))
  if (secretKeyRef) errors.push(...validateKeyRef(secretKeyRef, path.child('secretKeyRef')))
  if (fileKeyRef) errors.push(...validateFileKeyRef(fileKeyRef, path.child('fileKeyRef')))
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length
  if (sources === 0) {
    const why = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    errors.push(invalidValue(path, '', why))
  } else if (value !== '') errors.push(invalidValue(path, '', 'may not be specified when `value` is not empty'))
  else if (sources > 1) errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  return errors
}

function validateKeyRef({ name = '', key }: ConfigMapKeySelector | SecretKeySelector, path: Path): FieldError[] {
  const errors = nameIsDNSSubdomain(name, false).map((problem) => invalidValue(path.child('name'), name, problem))
  if (key === '') errors.push(required(path.child('key')))
  else for (const problem of isConfigMapKey(key)) errors.push(invalidValue(path.child('key'), key, problem))
  return errors
}

function validateFileKeyRef({ key, volumeName, path: file }: FileKeySelector, path: Path): FieldError[] {
  const errors: FieldError[] = []
  if (key === '') errors.push(required(path.child('key')))
  else for (const problem of isRelaxedEnvVarName(key)) errors.push(invalidValue(path.child('key'), key, problem))
  const at = path.child('volumeName')
  if (volumeName === '') errors.push(required(at))
  else for (const problem of isDNS1123Label(volumeName)) errors.push(invalidValue(at, volumeName, problem))
  if (file === '') errors.push(required(path.child('path')))
  else errors.push(...validateNoBacksteps(file, path.child('path')))
  return errors
}

export function validateEnvFrom(sources: readonly EnvFromSource[] = [], path: Path): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, { prefix = '', configMapRef, secretRef }] of sources.entries()) {
    const at = path.index(index)
    if (prefix !== '') {
      for (const problem of isRelaxedEnvVarName(prefix)) errors.push(invalidValue(at.child('prefix'), prefix, problem))
    }
    if (configMapRef) errors.push(...validateSourceName(configMapRef.name, at.child('configMapRef')))
    if (secretRef) errors.push(...validateSourceName(secretRef.name, at.child('secretRef')))
    if (!configMapRef && !secretRef)
      errors.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (configMapRef && secretRef)
      errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  }
  return errors
}

function validateSourceName(name = '', path: Path): FieldError[] {
  if (name === '') return [required(path.child('name'))]
  return nameIsDNSSubdomain(name, true).map((problem) => invalidValue(path.child('name'), name, problem))
}

/** Files that variables are read from lie in volumes that the pod itself fills. */
export function validateFileKeyVolumes(spec: PodSpec, path: Path): FieldError[] {
  const errors: FieldError[] = []
  for (const [{ env = [] }, at] of containersWithPath(spec, path)) {
    for (const [index, { valueFrom }] of env.entries()) {
      const name = valueFrom?.fileKeyRef?.volumeName
      if (name === undefined) continue
      const field = at.child('env').index(index).child('valueFrom', 'fileKeyRef', 'volumeName')
      const volume = spec.volumes?.findLast((one) => one.name === name)
      if (!volume) errors.push(fieldNotFound(field, name))
      else if (!volume.emptyDir) errors.push(invalidValue(field, name, 'referenced volume must be of type emptyDir'))
    }
  }
  return errors
}
