import type { LabelSelector } from '#api/meta/v1'
import { fieldForbidden, invalidValue, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'

/**
 * Keys whose values of the incoming pod select pods like it (KEP-3633). By now they are part of the selector as well, so a
 * key that the selector has twice was given twice.
 */
export function validateMatchLabelKeys(
  path: Path,
  match: readonly string[] = [],
  mismatch: readonly string[] = [],
  selector: LabelSelector | undefined,
): FieldError[] {
  const errors = [
    ...validateLabelKeys(path.child('matchLabelKeys'), match, selector),
    ...validateLabelKeys(path.child('mismatchLabelKeys'), mismatch, selector),
  ]
  if (selector) {
    const seen = new Set(Object.keys(selector.matchLabels ?? {}))
    const last = new Map(match.map((key, index) => [key, index]))
    for (const { key } of selector.matchExpressions ?? []) {
      const index = last.get(key)
      if (index !== undefined && seen.has(key))
        errors.push(invalidValue(path.index(index), key, 'exists in both matchLabelKeys and labelSelector'))
      seen.add(key)
    }
  }
  const mismatched = new Set(mismatch)
  for (const [index, key] of match.entries()) {
    if (mismatched.has(key)) {
      const at = path.child('matchLabelKeys').index(index)
      errors.push(invalidValue(at, key, 'exists in both matchLabelKeys and mismatchLabelKeys'))
    }
  }
  return errors
}

function validateLabelKeys(path: Path, keys: readonly string[], selector: LabelSelector | undefined): FieldError[] {
  if (keys.length === 0) return []
  if (!selector) return [fieldForbidden(path, 'must not be specified when labelSelector is not set')]
  return keys.flatMap((key, index) => validateLabelName(key, path.index(index)))
}

/** The rule of releases whose selectors did not take the keys in. */
export function validateLegacyMatchLabelKeys(
  path: Path,
  keys: readonly string[] = [],
  selector: LabelSelector | undefined,
): FieldError[] {
  if (keys.length === 0) return []
  const errors: FieldError[] = []
  if (!selector) errors.push(fieldForbidden(path, 'must not be specified when labelSelector is not set'))
  const own = new Set([
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ])
  for (const [index, key] of keys.entries()) {
    errors.push(...validateLabelName(key, path.index(index)))
    if (own.has(key))
      errors.push(invalidValue(path.index(index), key, 'exists in both matchLabelKeys and labelSelector'))
  }
  return errors
}
