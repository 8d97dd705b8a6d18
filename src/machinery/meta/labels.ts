import { invalidValue, tooLong } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'
import { isLabelValue, isQualifiedName } from '../names/keys.ts'
import { byteLength } from '../text/length.ts'

export type StringMap = { readonly [key: string]: string }

/** All annotations of an object together, in bytes. */
export const maxAnnotationsSize: number = 256 * 1024

export function validateLabelName(name: string, path: Path): readonly FieldError[] {
  return isQualifiedName(name).map((problem) => invalidValue(path, name, problem))
}

export function validateLabels(labels: StringMap | undefined, path: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const key in labels) {
    const value = labels[key] ?? ''
    for (const problem of isQualifiedName(key)) errors.push(invalidValue(path, key, problem))
    for (const problem of isLabelValue(value)) errors.push(invalidValue(path, value, problem))
  }
  return errors
}

/** Keys are qualified names whatever their case; the size of all is limited. */
export function validateAnnotations(annotations: StringMap | undefined, path: Path): readonly FieldError[] {
  if (annotations === undefined) return []
  const entries = Object.entries(annotations)
  const errors = entries.flatMap(([key]) =>
    isQualifiedName(key.toLowerCase()).map((problem) => invalidValue(path, key, problem)),
  )
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0)
  if (size > maxAnnotationsSize) errors.push(tooLong(path, maxAnnotationsSize))
  return errors
}
