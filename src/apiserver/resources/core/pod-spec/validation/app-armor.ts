import type { AppArmorProfile, PodSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { byteLength, fieldForbidden, invalidValue, notSupported, quote, required, tooLong, named } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { appArmorPrefix } from '../app-armor.ts'
import { containersOf, containersWithPath } from '../visit.ts'

/** PATH_MAX - 1 */
const longestProfile = 4095

export function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: Path): FieldError[] {
  if (!profile) return []
  const { type, localhostProfile } = profile
  const at = path.child('localhostProfile')
  const missing = 'must be set when AppArmor type is Localhost'
  switch (type) {
    case 'Localhost': {
      if (localhostProfile === undefined) return [required(at, missing)]
      const errors: FieldError[] = []
      const trimmed = localhostProfile.trim()
      if (trimmed !== localhostProfile)
        errors.push(invalidValue(at, localhostProfile, 'must not be padded with whitespace'))
      else if (trimmed === '') errors.push(required(at, missing))
      if (byteLength(localhostProfile) > longestProfile) errors.push(tooLong(at, longestProfile))
      return errors
    }
    case 'RuntimeDefault':
    case 'Unconfined':
      if (localhostProfile === undefined) return []
      return [invalidValue(at, named(localhostProfile), 'can only be set when AppArmor type is Localhost')]
    default:
      if ((type as string) === '') return [required(path.child('type'), 'type is required when appArmorProfile is set')]
      return [notSupported(path.child('type'), type, ['Localhost', 'RuntimeDefault', 'Unconfined'])]
  }
}

/** Annotations that name profiles are of containers that exist, and of a known form. */
export function validateAppArmorAnnotations(
  annotations: ObjectMeta['annotations'],
  spec: PodSpec,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = []
  let names: ReadonlySet<string> | undefined
  for (const [key, profile] of Object.entries(annotations ?? {})) {
    if (!key.startsWith(appArmorPrefix)) continue
    const name = key.slice(appArmorPrefix.length)
    names ??= new Set(containersOf(spec).map((container) => container.name))
    if (!names.has(name)) errors.push(invalidValue(path.key(key), name, 'container not found'))
    if (!isProfile(profile))
      errors.push(invalidValue(path.key(key), profile, `invalid AppArmor profile name: ${quote(profile)}`))
  }
  return errors
}

const isProfile = (profile: string): boolean =>
  ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/')

/** Where annotation and field both name a profile of a container, they name the same. */
export function validateAppArmorMatch(annotations: ObjectMeta['annotations'], spec: PodSpec, path: Path): FieldError[] {
  if (spec.os?.name === 'windows') return []
  const errors: FieldError[] = []
  for (const [container, at] of containersWithPath(spec, path)) {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile
    const annotation = annotations?.[appArmorPrefix + container.name]
    if (!profile || annotation === undefined) continue
    const field = at.child('securityContext', 'appArmorProfile')
    const wrongType = fieldForbidden(field.child('type'), 'apparmor type in annotation and field must match')
    switch (profile.type) {
      case 'Unconfined':
        if (annotation !== 'unconfined') errors.push(wrongType)
        break
      case 'RuntimeDefault':
        if (annotation !== 'runtime/default') errors.push(wrongType)
        break
      case 'Localhost':
        if (!annotation.startsWith('localhost/')) errors.push(wrongType)
        else if (annotation.slice('localhost/'.length) !== profile.localhostProfile) {
          const why = 'apparmor profile in annotation and field must match'
          errors.push(fieldForbidden(field.child('localhostProfile'), why))
        }
    }
  }
  return errors
}
