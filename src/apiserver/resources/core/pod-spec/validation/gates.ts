import type { PodReadinessGate, PodResourceClaim, PodSchedulingGate } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import {
  duplicate,
  fieldForbidden,
  invalidValue,
  isDNS1123Label,
  isQualifiedName,
  nameIsDNSSubdomain,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { internalForm } from '../internal-form/internal-form.ts'
import { mirrorAnnotation } from './annotations.ts'

export function validateReadinessGates(gates: readonly PodReadinessGate[] = [], path: Path): FieldError[] {
  return gates.flatMap(({ conditionType: type }, index) =>
    isQualifiedName(type).map((problem) => invalidValue(path.index(index).child('conditionType'), type, problem)),
  )
}

export function validateSchedulingGates(gates: readonly PodSchedulingGate[] = [], path: Path): FieldError[] {
  const seen = new Set<string>()
  return gates.flatMap(({ name }, index) => {
    const errors = isQualifiedName(name).map((problem) => invalidValue(path.index(index), name, problem))
    if (seen.has(name)) errors.push(duplicate(path.index(index), name))
    seen.add(name)
    return errors
  })
}

/** Claims of devices. `meta` is that of the pod, where there is one. */
export function validateResourceClaims(
  claims: readonly PodResourceClaim[] = [],
  meta: ObjectMeta | undefined,
  path: Path,
): FieldError[] {
  const names = new Set<string>()
  const mirror = meta?.annotations?.[mirrorAnnotation] !== undefined
  return claims.flatMap((claim, index) =>
    mirror
      ? [fieldForbidden('[]', 'static pods do not support resource claims')]
      : validateResourceClaim(claim, names, path.index(index)),
  )
}

function validateResourceClaim(claim: PodResourceClaim, names: Set<string>, path: Path): FieldError[] {
  const { name, resourceClaimName: own, resourceClaimTemplateName: template } = claim
  const at = path.child('name')
  const errors: FieldError[] = []
  if (name === '') errors.push(required(at))
  else if (names.has(name)) errors.push(duplicate(at, name))
  else {
    for (const problem of isDNS1123Label(name)) errors.push(invalidValue(at, name, problem))
    names.add(name)
  }
  const shown = internalForm('PodResourceClaim', claim)
  if (own !== undefined && template !== undefined) {
    const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'
    errors.push(invalidValue(path, shown, why))
  }
  if (own === undefined && template === undefined)
    errors.push(invalidValue(path, shown, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'))
  for (const field of ['resourceClaimName', 'resourceClaimTemplateName'] as const) {
    const text = claim[field]
    if (text === undefined) continue
    for (const problem of nameIsDNSSubdomain(text, false)) errors.push(invalidValue(path.child(field), text, problem))
  }
  return errors
}
