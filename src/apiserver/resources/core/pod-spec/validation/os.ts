import type { PodSpec } from '#api/core/v1'
import { fieldForbidden, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { containersWithPath } from '../visit.ts'

/** A pod that says what it runs on has nothing that only another system knows. */
export function validateOS(spec: PodSpec, path: Path): FieldError[] {
  if (!spec.os) return []
  switch (spec.os.name) {
    case '':
      return [required(path.child('os', 'name'))]
    case 'linux':
      return validateLinux(spec, path)
    case 'windows':
      return validateWindows(spec, path)
    default:
      return [notSupported(path.child('os'), spec.os.name, ['linux', 'windows'])]
  }
}

function validateLinux(spec: PodSpec, path: Path): FieldError[] {
  const refuse = (at: Path): FieldError =>
    fieldForbidden(at.child('securityContext', 'windowsOptions'), 'windows options cannot be set for a linux pod')
  const errors = spec.securityContext?.windowsOptions ? [refuse(path)] : []
  for (const [container, at] of containersWithPath(spec, path)) {
    if (container.securityContext?.windowsOptions) errors.push(refuse(at))
  }
  return errors
}

const linuxContainerFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const

function validateWindows(spec: PodSpec, path: Path): FieldError[] {
  const { securityContext: own = {} } = spec
  const security = path.child('securityContext')
  const fields: readonly (readonly [isSet: boolean, at: Path])[] = [
    [own.appArmorProfile !== undefined, security.child('appArmorProfile')],
    [own.seLinuxOptions !== undefined, security.child('seLinuxOptions')],
    [spec.hostUsers !== undefined, path.child('hostUsers')],
    [spec.hostPID === true, path.child('hostPID')],
    [spec.hostIPC === true, path.child('hostIPC')],
    [own.seccompProfile !== undefined, security.child('seccompProfile')],
    [own.fsGroup !== undefined, security.child('fsGroup')],
    [own.fsGroupChangePolicy !== undefined, security.child('fsGroupChangePolicy')],
    [(own.sysctls ?? []).length > 0, security.child('sysctls')],
    [spec.shareProcessNamespace !== undefined, path.child('shareProcessNamespace')],
    [own.runAsUser !== undefined, security.child('runAsUser')],
    [own.runAsGroup !== undefined, security.child('runAsGroup')],
    [own.supplementalGroups !== undefined, security.child('supplementalGroups')],
    [own.supplementalGroupsPolicy !== undefined, security.child('supplementalGroupsPolicy')],
    [own.seLinuxChangePolicy !== undefined, security.child('seLinuxChangePolicy')],
  ]
  const places = fields.filter(([isSet]) => isSet).map(([, at]) => at)
  for (const [container, at] of containersWithPath(spec, path)) {
    for (const field of linuxContainerFields) {
      if (container.securityContext?.[field] !== undefined) places.push(at.child('securityContext', field))
    }
  }
  return places.map((at) => fieldForbidden(at, 'cannot be set for a windows pod'))
}
