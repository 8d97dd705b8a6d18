import type { PodSpec, SeccompProfile } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { fieldForbidden, invalidValue, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { internalForm } from '../internal-form/internal-form.ts'
import { containersWithPath } from '../visit.ts'
import { validateLocalDescendingPath } from './paths.ts'

type Annotations = ObjectMeta['annotations']

const podKey = 'seccomp.security.alpha.kubernetes.io/pod'
const containerPrefix = 'container.seccomp.security.alpha.kubernetes.io/'
const types = ['Localhost', 'RuntimeDefault', 'Unconfined']
const localhost = 'localhost/'

export const seccompKeyOf = (container?: string): string =>
  container === undefined ? podKey : containerPrefix + container

export function validateSeccompProfile(profile: SeccompProfile | undefined, path: Path): FieldError[] {
  if (!profile) return []
  const { type, localhostProfile } = profile
  const errors: FieldError[] = []
  if ((type as string) === '') errors.push(required(path.child('type'), 'type is required when seccompProfile is set'))
  else if (!types.includes(type)) errors.push(notSupported(path.child('type'), type, types))
  const at = path.child('localhostProfile')
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined) {
      const shown = internalForm('SeccompProfile', profile)
      errors.push(invalidValue(at, shown, 'can only be set when seccomp type is Localhost'))
    }
  } else if (localhostProfile === undefined) errors.push(required(at, 'must be set when seccomp type is Localhost'))
  else errors.push(...validateLocalDescendingPath(localhostProfile, at))
  return errors
}

/** Annotations that profiles were once written in. */
export function validateSeccompAnnotations(annotations: Annotations, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const own = annotations?.[podKey]
  if (own !== undefined) errors.push(...validateAnnotation(own, path.child(podKey)))
  for (const [key, value] of Object.entries(annotations ?? {})) {
    if (key.startsWith(containerPrefix)) errors.push(...validateAnnotation(value, path.child(key)))
  }
  return errors
}

function validateAnnotation(value: string, at: Path): readonly FieldError[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(value)) return []
  if (value.startsWith(localhost)) return validateLocalDescendingPath(value.slice(localhost.length), at)
  return [invalidValue(at, value, 'must be a valid seccomp profile')]
}

/** Where annotation and field both name a profile, they name the same. */
export function validateSeccompMatch(annotations: Annotations, spec: PodSpec, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const check = (key: string, profile: SeccompProfile | undefined, at: Path): void => {
    const annotation = annotations?.[key]
    if (profile && annotation !== undefined)
      errors.push(...matchProfile(annotation, profile, at.child('securityContext', 'seccompProfile')))
  }
  check(podKey, spec.securityContext?.seccompProfile, path)
  for (const [container, at] of containersWithPath(spec, path))
    check(containerPrefix + container.name, container.securityContext?.seccompProfile, at)
  return errors
}

function matchProfile(annotation: string, { type, localhostProfile }: SeccompProfile, path: Path): FieldError[] {
  const wrongType = [fieldForbidden(path.child('type'), 'seccomp type in annotation and field must match')]
  switch (type) {
    case 'Unconfined':
      return annotation === 'unconfined' ? [] : wrongType
    case 'RuntimeDefault':
      return annotation === 'runtime/default' || annotation === 'docker/default' ? [] : wrongType
    case 'Localhost': {
      if (!annotation.startsWith(localhost)) return wrongType
      if (annotation.slice(localhost.length) === localhostProfile) return []
      return [fieldForbidden(path.child('localhostProfile'), 'seccomp profile in annotation and field must match')]
    }
    default:
      return []
  }
}
