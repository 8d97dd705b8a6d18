import type { PodSpec, SecurityContext } from '#api/core/v1'
import { invalidValue, isGroupID, isUserID, notSupported, named } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { internalForm } from '../internal-form/internal-form.ts'
import type { PodValidationOptions } from '../options.ts'
import { validateAppArmorProfile } from './app-armor.ts'
import { validateSeccompProfile } from './seccomp.ts'
import { validateSysctls } from './sysctls.ts'
import { validateWindowsOptions } from './windows-options.ts'

const check = (problems: readonly string[], value: number, at: Path): FieldError[] =>
  problems.map((problem) => invalidValue(at, value, problem))

const userID = (id: number | undefined, at: Path): FieldError[] => (id === undefined ? [] : check(isUserID(id), id, at))
const groupID = (id: number | undefined, at: Path): FieldError[] =>
  id === undefined ? [] : check(isGroupID(id), id, at)

function oneOf(value: string | undefined, allowed: readonly string[], at: Path): FieldError[] {
  return value === undefined || allowed.includes(value) ? [] : [notSupported(at, value, allowed)]
}

export function validatePodSecurity(spec: PodSpec, path: Path, options: PodValidationOptions): FieldError[] {
  const { securityContext: context = {}, shareProcessNamespace, hostPID } = spec
  const shared: FieldError[] = []
  if (shareProcessNamespace === true && hostPID === true) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled'
    shared.push(invalidValue(path.child('shareProcessNamespace'), true, why))
  }
  const groups = path.child('supplementalGroups')
  return [
    ...groupID(context.fsGroup, path.child('fsGroup')),
    ...userID(context.runAsUser, path.child('runAsUser')),
    ...groupID(context.runAsGroup, path.child('runAsGroup')),
    ...(context.supplementalGroups ?? []).flatMap((id, index) => groupID(id, groups.index(index))),
    ...shared,
    ...validateSysctls(spec, path.child('sysctls'), options),
    ...oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], path.child('fsGroupChangePolicy')),
    ...validateSeccompProfile(context.seccompProfile, path.child('seccompProfile')),
    ...validateWindowsOptions(context.windowsOptions, path.child('windowsOptions')),
    ...validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile')),
    ...oneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], path.child('supplementalGroupsPolicy')),
    ...oneOf(
      context.seLinuxChangePolicy,
      options.onlyRecursiveSELinuxChange ? ['Recursive'] : ['MountOption', 'Recursive'],
      path.child('seLinuxChangePolicy'),
    ),
  ]
}

/** `hostUsers`: users of the pod are those of the host. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  hostUsers: boolean,
  path: Path,
): FieldError[] {
  if (!context) return []
  const { procMount } = context
  const errors = [
    ...userID(context.runAsUser, path.child('runAsUser')),
    ...groupID(context.runAsGroup, path.child('runAsGroup')),
    ...oneOf(procMount, ['Default', 'Unmasked'], path.child('procMount')),
  ]
  if (hostUsers && procMount === 'Unmasked')
    errors.push(invalidValue(path.child('procMount'), named(procMount), '`hostUsers` must be false to use `Unmasked`'))
  return [
    ...errors,
    ...validateSeccompProfile(context.seccompProfile, path.child('seccompProfile')),
    ...validateEscalation(context, path),
    ...validateWindowsOptions(context.windowsOptions, path.child('windowsOptions')),
    ...validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile')),
  ]
}

/** Who may do everything has nothing to gain, so it makes no sense to forbid it. */
function validateEscalation(context: SecurityContext, path: Path): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return []
  const refuse = (what: string): FieldError =>
    invalidValue(
      path,
      internalForm('SecurityContext', context),
      `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
    )
  const errors: FieldError[] = []
  if (context.privileged === true) errors.push(refuse('`privileged` to true'))
  for (const capability of context.capabilities?.add ?? [])
    if (capability === 'CAP_SYS_ADMIN') errors.push(refuse('`capabilities.Add` CAP_SYS_ADMIN'))
  return errors
}
