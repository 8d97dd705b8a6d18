import type { OwnerReference } from '#api/meta/v1'
import { parseGroupVersion } from '../codec/json/type-meta.ts'
import { invalidValue } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'

/** At most one owner is the controller, and events own nothing. */
export function validateOwnerReferences(
  references: readonly OwnerReference[] | undefined,
  path: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  let controller: string | undefined
  for (const reference of references ?? []) {
    errors.push(...validateOwnerReference(reference, path))
    if (reference.controller !== true) continue
    const name = `${reference.kind}/${reference.name}`
    if (controller === undefined) controller = name
    else {
      const found = `Found "true" in references for ${controller} and ${name}`
      errors.push(invalidValue(path, references, `Only one reference can have Controller set to true. ${found}`))
    }
  }
  return errors
}

function validateOwnerReference(reference: OwnerReference, path: Path): readonly FieldError[] {
  const { apiVersion, kind, name, uid } = reference
  const errors: FieldError[] = []
  if (versionOf(apiVersion) === '') {
    errors.push(invalidValue(path.child('apiVersion'), apiVersion, 'version must not be empty'))
  }
  for (const [field, value] of Object.entries({ kind, name, uid })) {
    if (value === '') errors.push(invalidValue(path.child(field), value, 'must not be empty'))
  }
  if (apiVersion === 'v1' && kind === 'Event') {
    errors.push(invalidValue(path, reference, '/v1, Kind=Event is disallowed from being an owner'))
  }
  return errors
}

function versionOf(apiVersion: string): string {
  try {
    return parseGroupVersion(apiVersion).version
  } catch {
    return ''
  }
}
